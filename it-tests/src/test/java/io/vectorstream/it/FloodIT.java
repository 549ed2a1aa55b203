package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.generator.Catalog;
import io.vectorstream.monitoring.BatchReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** More new texts than there is time to embed at once. */
@ExtendWith(SharedServices.class)
@Alone
@Nightly
class FloodIT {
  private static final int NEW_PRODUCTS = 20_000;
  private static final int KNOWN_PRODUCTS = 50;
  private static final int KNOWN_EVENTS_AT_ONCE = 20;
  private static final Duration BETWEEN_KNOWN_EVENTS = Duration.ofMillis(100);
  private static final Duration KNOWN_EVENTS = Duration.ofSeconds(30);
  private static final int EMBEDDED_LATER = 500;
  private static final long LONGEST_MS = Duration.ofSeconds(30).toMillis();

  @Test
  void events_of_known_products_are_stored_in_time_while_20_000_new_ones_are_embedded(
      Services services, @TempDir Path folder) throws InterruptedException {
    List<ObjectNode> known = products("known", KNOWN_PRODUCTS, 1);
    List<ObjectNode> unseen = products("new", NEW_PRODUCTS, 2);
    try (Deployment deployment = new Deployment(services, folder, "stream.trigger=10s");
        RunningPipeline pipeline = deployment.start()) {
      deployment.send(known.stream().map(FloodIT::view).toArray(ObjectNode[]::new));
      pipeline.awaitRecords(KNOWN_PRODUCTS);
      pipeline.await(() -> deployment.stored().countPending() == 0);

      AtomicLong sent = new AtomicLong();
      ScheduledExecutorService shoppers = Executors.newSingleThreadScheduledExecutor();
      shoppers.scheduleAtFixedRate(
          () -> {
            deployment.send(
                known.stream()
                    .limit(KNOWN_EVENTS_AT_ONCE)
                    .map(FloodIT::view)
                    .toArray(ObjectNode[]::new));
            sent.addAndGet(KNOWN_EVENTS_AT_ONCE);
          },
          0,
          BETWEEN_KNOWN_EVENTS.toMillis(),
          TimeUnit.MILLISECONDS);
      deployment.send(unseen.stream().map(FloodIT::view).toArray(ObjectNode[]::new));
      shoppers.awaitTermination(KNOWN_EVENTS.toMillis(), TimeUnit.MILLISECONDS);
      shoppers.shutdown();
      assertThat(shoppers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      long pending = deployment.stored().countPending();
      pipeline.awaitRecords(KNOWN_PRODUCTS + NEW_PRODUCTS + sent.get());

      Histogram latencyMs = latencyMs(deployment, "known");
      System.out.printf(
          "FloodIT: beside %,d new products, %,d events of known ones: p50 %,d ms, p99 %,d ms; %,d"
              + " products and users still wait for an embedding%n",
          NEW_PRODUCTS,
          sent.get(),
          latencyMs.getValueAtPercentile(50),
          latencyMs.getValueAtPercentile(99),
          pending);
      assertThat(latencyMs.getTotalCount()).isEqualTo(KNOWN_PRODUCTS + sent.get());
      assertThat(latencyMs.getValueAtPercentile(99)).isLessThan(LONGEST_MS);
      assertThat(pipeline.batches()).anyMatch(batch -> batch.pendingTexts() > 0);
      pipeline.await(() -> deployment.stored().countPending() < pending - EMBEDDED_LATER);
    }
  }

  @Test
  void what_is_embedded_later_comes_out_as_if_it_had_been_embedded_at_once(
      Services services, @TempDir Path folder) {
    Random random = new Random(3);
    List<ObjectNode> products = products("p", 80, 3);
    List<ObjectNode> sent = new ArrayList<>();
    try (Deployment deployment = new Deployment(services, folder, "stream.embedding_time=1ms")) {
      List<BatchReport> batches = new ArrayList<>();
      for (int start = 0; start < 3; start++) {
        try (RunningPipeline pipeline = deployment.start()) {
          List<ObjectNode> events = events(products, random);
          deployment.send(events.toArray(ObjectNode[]::new));
          sent.addAll(events);
          pipeline.awaitRecords(events.size());
          batches.addAll(pipeline.batches());
        }
        products = products.stream().map(product -> renamed(product, random)).toList();
      }
      assertThat(batches).anyMatch(batch -> batch.pendingTexts() > 0);

      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.await(() -> deployment.stored().countPending() == 0);
      }
      Recomputation expected = new Recomputation(deployment.settings(), sent);
      StoreAssertions.assertSums(deployment, expected);
    }
  }

  /** Views of every product, purchases of some, and searches with new words. */
  private static List<ObjectNode> events(List<ObjectNode> products, Random random) {
    List<ObjectNode> events = new ArrayList<>();
    for (ObjectNode product : products) {
      String user = "user-" + random.nextInt(30);
      events.add(Shop.event("view", user, product));
      if (random.nextInt(3) == 0) {
        events.add(Shop.event("purchase", user, product));
      }
      if (random.nextInt(3) == 0) {
        events.add(
            Shop.event("search", user, null)
                .put("search_query", "something like " + random.nextInt(100_000)));
      }
    }
    Collections.shuffle(events, random);
    return events;
  }

  private static ObjectNode renamed(ObjectNode product, Random random) {
    return random.nextBoolean()
        ? product
        : product.deepCopy().put("name", "New " + product.path("name").textValue());
  }

  private static List<ObjectNode> products(String prefix, int count, long seed) {
    List<ObjectNode> products = new ArrayList<>();
    Catalog.generate(count, seed)
        .products()
        .forEach(
            p ->
                products.add(
                    Shop.product(
                        prefix + "-" + products.size(),
                        p.name(),
                        p.description(),
                        p.category(),
                        p.price())));
    return products;
  }

  private static ObjectNode view(ObjectNode product) {
    String id = product.path("id").textValue();
    return Shop.event("view", "user-" + id.hashCode() % 2_000, product);
  }

  private static Histogram latencyMs(Deployment deployment, String prefix) {
    Histogram latency = new Histogram(3);
    deployment
        .stored()
        .forEachEvent(
            event -> {
              if (event.payload().at("/product/id").textValue().startsWith(prefix)) {
                latency.recordValue(
                    Duration.between(
                            Instant.parse(event.text("timestamp")),
                            Instant.parse(event.text("stored_at")))
                        .toMillis());
              }
            });
    return latency;
  }
}
