package io.vectorstream.local.store;

import grpc.health.v1.HealthCheck.HealthCheckRequest;
import grpc.health.v1.HealthCheck.HealthCheckResponse;
import grpc.health.v1.HealthCheck.HealthCheckResponse.ServingStatus;
import grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;

/** gRPC's own health check: the server serves as soon as it answers. */
final class HealthService extends HealthGrpc.HealthImplBase {

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
    Call.answer(
        caller, () -> HealthCheckResponse.newBuilder().setStatus(ServingStatus.SERVING).build());
  }
}
