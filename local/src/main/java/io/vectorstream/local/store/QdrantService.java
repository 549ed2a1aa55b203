package io.vectorstream.local.store;

import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.QdrantGrpc;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckReply;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;

/** Qdrant's service of the same name: its health check tells clients the version. */
final class QdrantService extends QdrantGrpc.QdrantImplBase {

  /** The version of Qdrant whose behaviour the store follows. */
  static final String VERSION = "1.18.0";

  @Override
  public void healthCheck(HealthCheckRequest request, StreamObserver<HealthCheckReply> caller) {
    Call.answer(
        caller,
        call ->
            HealthCheckReply.newBuilder()
                .setTitle("VectorStream embedded vector store, speaking Qdrant's protocol")
                .setVersion(VERSION)
                .build());
  }
}
