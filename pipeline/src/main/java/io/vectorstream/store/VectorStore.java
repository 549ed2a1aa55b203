package io.vectorstream.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.grpc.PointsGrpc.PointsFutureStub;
import io.vectorstream.config.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Qdrant as the pipeline sees it: one channel, its collections' names, and calls that are tried
 * again.
 */
public final class VectorStore implements AutoCloseable {

  private static final Map<Settings.Qdrant, VectorStore> SHARED = new ConcurrentHashMap<>();

  /** A call larger than this is not kept for another try; the largest upsert is far below. */
  private static final long RETRY_BUFFER_BYTES = 64L << 20;

  private final Settings.Qdrant settings;
  private final QdrantClient client;

  private VectorStore(Settings.Qdrant settings) {
    this.settings = settings;
    String apiKey = settings.resolvedApiKey().value();
    QdrantGrpcClient.Builder builder =
        QdrantGrpcClient.newBuilder(channel(settings), true, false).withTimeout(settings.timeout());
    this.client =
        new QdrantClient((apiKey.isEmpty() ? builder : builder.withApiKey(apiKey)).build());
  }

  /** A connection of one's own. Nothing is sent before the first call. */
  public static VectorStore connect(Settings.Qdrant settings) {
    return new VectorStore(settings);
  }

  /** The one connection of this JVM to that server; it stays open as long as the JVM. */
  static VectorStore shared(Settings.Qdrant settings) {
    return SHARED.computeIfAbsent(settings, VectorStore::new);
  }

  /** Closes the connection that {@link #shared} has opened, if it has. */
  public static void closeShared(Settings.Qdrant settings) {
    VectorStore store = SHARED.remove(settings);
    if (store != null) {
      store.close();
    }
  }

  /**
   * Asks the server for a sign of life.
   *
   * @throws StoreException if it gives none within the settings' time
   */
  public void check() {
    await(client.healthCheckAsync(settings.connectTimeout()));
  }

  private static ManagedChannel channel(Settings.Qdrant settings) {
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilderForAddress(settings.host(), settings.port(), credentials(settings))
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .enableRetry()
            .maxRetryAttempts(settings.attempts())
            .perRpcBufferLimit(RETRY_BUFFER_BYTES)
            .retryBufferSize(4 * RETRY_BUFFER_BYTES)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .defaultServiceConfig(retryPolicy(settings.attempts()));
    return builder.build();
  }

  private static ChannelCredentials credentials(Settings.Qdrant settings) {
    if (!settings.tls()) {
      return InsecureChannelCredentials.create();
    }
    String authorities = settings.resolvedCaCertificate();
    if (authorities.isEmpty()) {
      return TlsChannelCredentials.create();
    }
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(new ByteArrayInputStream(authorities.getBytes(ISO_8859_1)))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * gRPC's own retries, with exponential backoff and jitter (gRFC A6). Every call of ours may be
   * repeated.
   */
  private static Map<String, ?> retryPolicy(int attempts) {
    if (attempts < 2) {
      return Map.of();
    }
    Map<String, Object> policy =
        Map.of(
            "maxAttempts",
            (double) attempts,
            "initialBackoff",
            "0.2s",
            "maxBackoff",
            "5s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED"));
    return Map.of(
        "methodConfig", List.of(Map.of("name", List.of(Map.of()), "retryPolicy", policy)));
  }

  public QdrantClient client() {
    return client;
  }

  /** Calls a method of the points service that the client has no method for. */
  <Q, A> ListenableFuture<A> call(MethodDescriptor<Q, A> method, Q request) {
    PointsFutureStub points =
        client
            .grpcClient()
            .points()
            .withDeadlineAfter(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    return ClientCalls.futureUnaryCall(
        points.getChannel().newCall(method, points.getCallOptions()), request);
  }

  public Settings.Collections collections() {
    return settings.collections();
  }

  /** Points in the events collection, counted by the server. */
  public long countEvents() {
    return count(collections().events());
  }

  /** Points in the products collection, counted by the server. */
  public long countProducts() {
    return count(collections().products());
  }

  /** Points in the users collection, counted by the server. */
  public long countUsers() {
    return count(collections().users());
  }

  private long count(String collection) {
    return await(client.countAsync(collection));
  }

  /**
   * The answer of a call.
   *
   * @throws StoreException with the server's own reason, the call having been tried as often as the
   *     settings say
   */
  public <T> T await(ListenableFuture<T> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while waiting for Qdrant at " + address(), e);
    }
  }

  private StoreException failure(Throwable cause) {
    if (!(cause instanceof StatusRuntimeException status)) {
      return new StoreException("a call to Qdrant at " + address() + " failed: " + cause, cause);
    }
    String reason =
        switch (status.getStatus().getCode()) {
          case UNAVAILABLE, DEADLINE_EXCEEDED -> ConnectionTrouble.unanswered(settings, status);
          case UNAUTHENTICATED, PERMISSION_DENIED ->
              ConnectionTrouble.refused(settings, description(status.getStatus()));
          default -> "refused: " + description(status.getStatus());
        };
    return new StoreException("Qdrant at %s %s".formatted(address(), reason), status);
  }

  private static String description(Status status) {
    return status.getDescription() == null ? status.getCode().name() : status.getDescription();
  }

  /** {@code host:port}. */
  public String address() {
    return settings.host() + ":" + settings.port();
  }

  @Override
  public void close() {
    client.close();
  }
}
