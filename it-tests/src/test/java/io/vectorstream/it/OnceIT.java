package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.monitoring.PipelineTotals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
class OnceIT {
  private static final ObjectNode KETTLE =
      Shop.product("kettle", "Kettle", "Boils a litre of water", "Kitchen", 19.9);
  private static final ObjectNode MUG = Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8);

  @Test
  void copies_of_an_event_in_one_batch_count_once_whatever_their_keys_and_partitions(
      Services services, @TempDir Path folder) {
    ObjectNode repeated = Shop.event("purchase", "ada", KETTLE);
    ObjectNode scattered = Shop.event("view", "grace", MUG);
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      deployment.send(
          List.of(
              deployment.record(1, "ada".getBytes(UTF_8), repeated),
              deployment.record(1, "ada".getBytes(UTF_8), repeated),
              deployment.record(0, "grace".getBytes(UTF_8), scattered),
              deployment.record(2, "another key".getBytes(UTF_8), scattered),
              deployment.record(3, null, scattered)));
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(5)).isEqualTo(new PipelineTotals(5, 2, 3, 0));
        assertThat(pipeline.batches()).as("batches").hasSize(1);
      }
      assertStoredOnce(deployment, repeated, scattered);
    }
  }

  @Test
  void a_copy_in_a_later_batch_or_after_a_restart_is_a_duplicate(
      Services services, @TempDir Path folder) {
    ObjectNode first = Shop.event("purchase", "ada", KETTLE).put("event_id", "not a UUID");
    ObjectNode second = Shop.event("add_to_cart", "ada", MUG);
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      try (RunningPipeline pipeline = deployment.start()) {
        deployment.send(first, second);
        pipeline.awaitRecords(2);
        deployment.send(List.of(deployment.record(3, "other".getBytes(UTF_8), first)));
        assertThat(pipeline.awaitRecords(3)).isEqualTo(new PipelineTotals(3, 2, 1, 0));
      }
      try (RunningPipeline pipeline = deployment.start()) {
        deployment.send(first, second);
        assertThat(pipeline.awaitRecords(2)).isEqualTo(new PipelineTotals(2, 0, 2, 0));
      }
      assertStoredOnce(deployment, first, second);
    }
  }

  @Test
  void reading_everything_again_with_a_new_checkpoint_changes_nothing(
      Services services, @TempDir Path folder) {
    List<ObjectNode> events =
        List.of(
            Shop.event("view", "ada", KETTLE),
            Shop.event("add_to_cart", "ada", KETTLE).put("quantity", 2),
            Shop.event("purchase", "ada", KETTLE).put("quantity", 2).put("total_amount", 39.8),
            Shop.event("search", "grace", null).put("search_query", "something for tea"),
            Shop.event("wishlist_add", "grace", MUG),
            Shop.event("remove_from_cart", "grace", KETTLE));
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      deployment.send(events.toArray(ObjectNode[]::new));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(events.size());
      }
      Map<UUID, Point> before = deployment.stored().events();
      try (RunningPipeline pipeline =
          deployment.start(
              "stream.checkpoint=" + folder.resolve("new"), "kafka.starting_offsets=earliest")) {
        assertThat(pipeline.awaitRecords(events.size()))
            .isEqualTo(new PipelineTotals(events.size(), 0, events.size(), 0));
      }
      assertStoredOnce(deployment, events.toArray(ObjectNode[]::new));
      deployment
          .stored()
          .events()
          .forEach((id, point) -> assertThat(point.payload()).isEqualTo(before.get(id).payload()));
    }
  }

  @Test
  void a_batch_that_was_cut_off_before_its_commit_is_repeated_and_changes_nothing(
      Services services, @TempDir Path folder) throws IOException {
    ObjectNode before = Shop.event("view", "ada", KETTLE);
    List<ObjectNode> cutOff =
        List.of(
            Shop.event("purchase", "ada", KETTLE).put("quantity", 3),
            Shop.event("purchase", "grace", MUG),
            before.deepCopy());
    ObjectNode broken = Shop.event("refund", "grace", MUG);
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      deployment.send(before);
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(1);
      }
      deployment.send(cutOff.toArray(ObjectNode[]::new));
      deployment.send(broken);
      long lastBatch;
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(4)).isEqualTo(new PipelineTotals(4, 2, 1, 1));
        assertThat(pipeline.batches()).as("batches").hasSize(1);
        lastBatch = pipeline.batches().get(0).id();
      }

      // All was written, but Spark has not committed it, and repeats the batch with the same
      // records.
      Path commit = Path.of(deployment.settings().stream().checkpoint(), "commits", "" + lastBatch);
      Files.delete(commit);
      Files.deleteIfExists(commit.resolveSibling("." + lastBatch + ".crc"));
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(4).records()).isEqualTo(4);
        assertThat(pipeline.batches().get(0).id()).isEqualTo(lastBatch);
      }

      assertThat(deployment.deadLetters()).hasSize(1);
      assertStoredOnce(deployment, before, cutOff.get(0), cutOff.get(1));
    }
  }

  private static void assertStoredOnce(Deployment deployment, ObjectNode... events) {
    Recomputation expected = new Recomputation(deployment.settings(), List.of(events));
    assertThat(deployment.stored().events().values())
        .extracting(point -> point.text("event_id"))
        .containsExactlyInAnyOrderElementsOf(
            List.of(events).stream().map(event -> event.path("event_id").textValue()).toList());
    StoreAssertions.assertSums(deployment, expected);
    StoreAssertions.assertPairs(deployment, expected.pairs());
  }
}
