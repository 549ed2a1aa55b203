package io.vectorstream.local.store;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/** Lets calls through that carry the API key, and health checks, as Qdrant does. */
final class ApiKeyCheck implements ServerInterceptor {

  private static final Metadata.Key<String> API_KEY =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BEARER = "Bearer ";
  private static final Set<String> OPEN =
      Set.of("qdrant.Qdrant/HealthCheck", "grpc.health.v1.Health/Check");

  private final byte[] expected;

  ApiKeyCheck(String apiKey) {
    expected = apiKey.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (OPEN.contains(call.getMethodDescriptor().getFullMethodName())) {
      return next.startCall(call, headers);
    }
    String given = headers.get(API_KEY);
    String authorization = headers.get(AUTHORIZATION);
    if (given == null && authorization != null && authorization.startsWith(BEARER)) {
      given = authorization.substring(BEARER.length());
    }
    if (given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.UNAUTHENTICATED.withDescription(
            given == null
                ? "Must provide an API key or an Authorization bearer token"
                : "Invalid API key or JWT"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
