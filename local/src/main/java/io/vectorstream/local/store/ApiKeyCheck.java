package io.vectorstream.local.store;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A check that lets only calls with the API key and health checks through, as Qdrant does. */
final class ApiKeyCheck implements ServerInterceptor {

  private static final Metadata.Key<String> API_KEY =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);
  private static final String OPEN = "qdrant.Qdrant/HealthCheck";

  private final byte[] expected;

  ApiKeyCheck(String apiKey) {
    expected = apiKey.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (OPEN.equals(call.getMethodDescriptor().getFullMethodName())) {
      return next.startCall(call, headers);
    }
    String given = headers.get(API_KEY);
    if (given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.UNAUTHENTICATED.withDescription(
            given == null ? "Must provide an API key" : "Invalid API key"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
