package io.vectorstream.store;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.CountResponse;
import io.qdrant.client.grpc.Points.CountResult;
import io.qdrant.client.grpc.PointsGrpc.PointsImplBase;
import io.qdrant.client.grpc.QdrantGrpc.QdrantImplBase;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckReply;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A server that speaks Qdrant's protocol, counts points, and fails when a test wants it to. */
final class ScriptedQdrant implements AutoCloseable {

  static final long POINTS = 42;

  private final Server server;
  private final int port;
  private final Queue<Consumer<StreamObserver<CountResponse>>> script =
      new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Status always = Status.OK;
  private volatile String version = "1.18.0";

  ScriptedQdrant() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new PointsService())
            .addService(new HealthService())
            .build()
            .start();
    port = server.getPort();
  }

  /** Sets the version that it reports. */
  ScriptedQdrant withVersion(String version) {
    this.version = version;
    return this;
  }

  /** The next call fails. */
  ScriptedQdrant failsWith(Status status) {
    script.add(answer -> answer.onError(status.asRuntimeException()));
    return this;
  }

  /** The next call gets no answer. */
  ScriptedQdrant staysSilent() {
    script.add(answer -> {});
    return this;
  }

  /** Makes every call fail from now on that the script has no answer for; with OK none fails. */
  ScriptedQdrant alwaysFailsWith(Status status) {
    always = status;
    return this;
  }

  /** Calls of the points service that came in. */
  int calls() {
    return calls.get();
  }

  /** Returns the settings with its address. */
  Settings.Qdrant settings(String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("qdrant.host=" + InetAddress.getLoopbackAddress().getHostAddress());
    all.add("qdrant.port=" + port);
    return SettingsLoader.load(Optional.empty(), Map.of(), all).qdrant();
  }

  @Override
  public void close() {
    try {
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class PointsService extends PointsImplBase {
    @Override
    public void count(CountPoints request, StreamObserver<CountResponse> answer) {
      calls.incrementAndGet();
      Consumer<StreamObserver<CountResponse>> scripted = script.poll();
      if (scripted != null) {
        scripted.accept(answer);
      } else if (!always.isOk()) {
        answer.onError(always.asRuntimeException());
      } else {
        answer.onNext(
            CountResponse.newBuilder()
                .setResult(CountResult.newBuilder().setCount(POINTS))
                .build());
        answer.onCompleted();
      }
    }
  }

  private final class HealthService extends QdrantImplBase {
    @Override
    public void healthCheck(HealthCheckRequest request, StreamObserver<HealthCheckReply> answer) {
      if (always.isOk()) {
        answer.onNext(
            HealthCheckReply.newBuilder().setTitle("scripted").setVersion(version).build());
        answer.onCompleted();
      } else {
        answer.onError(always.asRuntimeException());
      }
    }
  }
}
