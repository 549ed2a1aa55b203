package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.LoadRunner;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.monitoring.PipelineTotals;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
class RestartIT {
  private static final ShopperSettings SHOPPERS =
      ShopperSettings.defaults()
          .withUsers(60)
          .withConcurrentSessions(20)
          .withMalformedShare(0.01)
          .withDuplicateShare(0.03)
          .withLateShare(0.05);

  @Test
  void a_restart_in_the_middle_of_a_stream_loses_nothing_and_counts_nothing_twice(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
        RememberingSink sink = RememberingSink.to(deployment.settings().kafka())) {
      EventStream shoppers = new EventStream(Catalog.generate(80, 3), SHOPPERS, 77);
      LoadRunner load = new LoadRunner(shoppers, sink, () -> 400, Long.MAX_VALUE, null);
      CompletableFuture<LoadReport> sending = CompletableFuture.supplyAsync(load::run);

      PipelineTotals first;
      PipelineTotals second;
      LoadReport sent;
      try {
        try (RunningPipeline pipeline = deployment.start()) {
          pipeline.await(() -> pipeline.batches().size() >= 2 && pipeline.totals().stored() >= 500);
          first = pipeline.stop();
        }
        try (RunningPipeline pipeline = deployment.start()) {
          pipeline.await(() -> pipeline.batches().size() >= 2);
          load.stop();
          sent = sending.join();
          second = pipeline.awaitRecords(sent.sent() - first.records());
        }
      } finally {
        load.stop();
      }

      Recomputation expected = new Recomputation(deployment.settings(), sink.valid());
      assertThat(expected.eventCount()).isEqualTo(sent.valid());
      assertThat(first.records() + second.records()).isEqualTo(sent.sent());
      assertThat(first.stored() + second.stored()).isEqualTo(sent.valid());
      assertThat(first.duplicates() + second.duplicates()).isEqualTo(sent.duplicates());
      assertThat(first.deadLettered() + second.deadLettered()).isEqualTo(sent.malformed());

      assertThat(deployment.stored().countEvents()).isEqualTo(sent.valid());
      assertThat(deployment.deadLetters()).hasSize(Math.toIntExact(sent.malformed()));
      StoreAssertions.assertSums(deployment, expected);
      StoreAssertions.assertPairs(deployment, expected.pairs());
    }
  }

  @Test
  void a_product_is_stored_as_its_latest_event_describes_it_whatever_order_events_come_in(
      Services services, @TempDir Path folder) {
    ObjectNode old = Shop.product("lamp", "Desk lamp", "A lamp of brass for reading", "Home", 40);
    ObjectNode edited = Shop.product("lamp", "Desk light", "LED light that dims", "Lighting", 35.5);
    ObjectNode cheaper = edited.deepCopy().put("price", 30);
    Instant start = Instant.parse("2024-01-15T10:30:00.123456Z");
    List<ObjectNode> before =
        List.of(
            Shop.event("purchase", "reader", old, start).put("quantity", 2),
            Shop.event("view", "reader", edited, start.plusSeconds(60)));
    List<ObjectNode> after =
        List.of(
            Shop.event("purchase", "reader", cheaper, start.plusSeconds(86_400)),
            Shop.event("remove_from_cart", "reader", old, start.minusSeconds(86_400)),
            Shop.event("search", "reader", null, start.plusSeconds(9))
                .put("search_query", "reading in bed"));

    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      for (List<ObjectNode> events : List.of(before, after)) {
        deployment.send(events.toArray(ObjectNode[]::new));
        try (RunningPipeline pipeline = deployment.start()) {
          pipeline.awaitRecords(events.size());
        }
      }

      List<ObjectNode> all = new ArrayList<>(before);
      all.addAll(after);
      StoreAssertions.assertSums(deployment, new Recomputation(deployment.settings(), all));
      assertThat(deployment.stored().products().get("lamp").payload().get("product"))
          .isEqualTo(Stored.asStored(cheaper));
    }
  }
}
