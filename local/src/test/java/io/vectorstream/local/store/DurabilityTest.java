package io.vectorstream.local.store;

import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.ids;
import static io.vectorstream.local.store.StoreFixture.must;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.UpdateResult;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {

  @TempDir Path folder;

  @Test
  void everything_is_there_after_a_restart() {
    try (StoreFixture store = new StoreFixture(folder)) {
      store.collection("c", 2, Distance.Euclid);
      get(
          store.client.createPayloadIndexAsync(
              "c", "k", PayloadSchemaType.Keyword, null, true, null, null));
      store.upsert("c", point(1, Map.of("k", value("x")), 1, 1));
      store.upsert("c", point(2, Map.of("k", value("y")), 2, 2), point(3, Map.of(), 3, 3));
      get(store.client.deleteAsync("c", List.of(id(3))));
    }
    try (StoreFixture store = new StoreFixture(folder)) {
      assertThat(get(store.client.listCollectionsAsync())).containsExactly("c");
      assertThat(store.count("c")).isEqualTo(2);
      assertThat(get(store.client.getCollectionInfoAsync("c")).getPayloadSchemaMap())
          .containsOnlyKeys("k");
      assertThat(store.matching("c", must(matchKeyword("k", "y")))).containsExactly(2L);
      store.upsert("c", point(2, Map.of("k", value("x")), 2, 2));
      assertThat(store.matching("c", must(matchKeyword("k", "x")))).containsExactly(1L, 2L);
      assertThat(
              ids(
                  get(
                      store.client.queryAsync(
                          QueryPoints.newBuilder()
                              .setCollectionName("c")
                              .setQuery(nearest(2, 2))
                              .build()))))
          .containsExactly(2L, 1L);
    }
  }

  /** The child that is killed: serves the folder and tells its port. */
  static final class Server {
    private Server() {}

    public static void main(String[] args) throws InterruptedException {
      EmbeddedVectorStore store =
          EmbeddedVectorStore.start(new EmbeddedVectorStore.Options(Path.of(args[0]), 0));
      System.out.println("port " + store.port());
      Thread.currentThread().join();
    }
  }

  @Test
  void what_was_acknowledged_survives_a_kill() throws Exception {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    AtomicLong acknowledged = new AtomicLong(-1);
    AtomicLong sent = new AtomicLong(-1);
    try (QdrantClient client = StoreFixture.client(port(child), null)) {
      get(client.createCollectionAsync("c", Map.of()));
      get(
          client.createPayloadIndexAsync(
              "c", "even", PayloadSchemaType.Keyword, null, true, null, null));
      CountDownLatch enough = new CountDownLatch(30);
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (long call = 0; ; call++) {
                    sent.set(call);
                    client.upsertAsync("c", points(call)).get();
                    acknowledged.set(call);
                    enough.countDown();
                  }
                } catch (Exception e) {
                  // The server was killed.
                }
              });
      writer.start();
      assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
      child.destroyForcibly().waitFor();
      writer.join();
    } finally {
      child.destroyForcibly();
    }
    assertThat(acknowledged.get()).isGreaterThanOrEqualTo(29);

    try (StoreFixture store = new StoreFixture(folder)) {
      long calls = store.count("c") / 100;
      assertThat(store.count("c")).isEqualTo(calls * 100);
      assertThat(calls).isBetween(acknowledged.get() + 1, sent.get() + 1);
      assertThat(store.count("c", must(matchKeyword("even", "true")))).isEqualTo(calls * 50);
      assertThat(
              get(
                  store.client.retrieveAsync(
                      "c",
                      LongStream.range(0, calls * 100)
                          .mapToObj(io.qdrant.client.PointIdFactory::id)
                          .toList(),
                      false,
                      false,
                      null)))
          .hasSize((int) calls * 100);
    }
  }

  private static List<PointStruct> points(long call) {
    return LongStream.range(call * 100, call * 100 + 100)
        .mapToObj(i -> point(i, Map.of("even", value(String.valueOf(i % 2 == 0)))))
        .toList();
  }

  private static int port(Process child) throws Exception {
    BufferedReader out = child.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("port ")) {
        return Integer.parseInt(line.substring(5));
      }
    }
    throw new AssertionError("the store did not start");
  }

  @Test
  void clients_that_write_the_same_points_at_once_do_not_confuse_the_count() throws Exception {
    try (StoreFixture store = new StoreFixture(folder);
        QdrantClient other = StoreFixture.client(store.store.port(), null)) {
      store.payloadCollection("c");
      get(
          store.client.createPayloadIndexAsync(
              "c", "writer", PayloadSchemaType.Keyword, null, true, null, null));
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
          QdrantClient client = writer % 2 == 0 ? store.client : other;
          String name = "w" + writer;
          writers.add(threads.submit(() -> write(client, name)));
        }
        for (Future<?> writer : writers) {
          writer.get();
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(store.count("c")).isEqualTo(1000);
      assertThat(store.matching("c", must())).hasSize(1000);
      long sum =
          IntStream.range(0, 4)
              .mapToLong(writer -> store.count("c", must(matchKeyword("writer", "w" + writer))))
              .sum();
      assertThat(sum).isEqualTo(1000);
    }
  }

  private static void write(QdrantClient client, String name) {
    List<ListenableFuture<UpdateResult>> calls = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      for (int start = 0; start < 1000; start += 100) {
        List<PointStruct> points =
            IntStream.range(start, start + 100)
                .mapToObj(i -> point(i, Map.of("writer", value(name))))
                .toList();
        calls.add(client.upsertAsync("c", points));
      }
    }
    calls.forEach(StoreFixture::get);
  }
}
