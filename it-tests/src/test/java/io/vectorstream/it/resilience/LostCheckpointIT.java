package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Futures;
import io.qdrant.client.PointIdFactory;
import io.vectorstream.config.Settings;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Migration;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.stream.PipelineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The folder where Spark keeps its progress is lost, or an old copy of it is restored. */
@ExtendWith(SharedServices.class)
class LostCheckpointIT {

  private static final ObjectNode KETTLE =
      Shop.product("kettle", "Copper kettle", "Boils a litre", "Kitchen", 49.9);
  private static final ObjectNode MUG =
      Shop.product("mug", "Blue mug", "Holds what the kettle boils", "Kitchen", 9.5);

  private static ObjectNode[] events(String user, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> Shop.event(i % 3 == 0 ? "purchase" : "view", user, i % 2 == 0 ? KETTLE : MUG))
        .toArray(ObjectNode[]::new);
  }

  @Test
  void a_batch_that_was_cut_off_before_its_merge_is_counted_even_then(
      Services services, @TempDir Path folder) throws IOException {
    List<ObjectNode> sent = new ArrayList<>();
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      run(
          deployment,
          sent,
          Shop.event("purchase", "ada", KETTLE),
          Shop.event("view", "ada", KETTLE));
      run(deployment, sent, Shop.event("view", "grace", MUG), Shop.event("purchase", "grace", MUG));
      // As if it had been killed between storing the second batch's events and merging them.
      Settings.Collections names = deployment.settings().qdrant().collections();
      forget(deployment, names.products(), deployment.stored().products().get("mug"));
      forget(deployment, names.users(), deployment.stored().users().get("grace"));
      loseCheckpoint(deployment);

      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(sent.size()))
            .isEqualTo(new PipelineTotals(sent.size(), 0, sent.size(), 0));
      }
      assertExact(deployment, sent);
      Tally.done("checkpoint lost", 1);
    }
  }

  @Nightly
  @Test
  void a_batch_of_which_less_was_tried_at_last_than_before_is_counted_to_its_end(
      Services services, @TempDir Path folder) throws Exception {
    List<ObjectNode> sent = new ArrayList<>();
    for (String user : List.of("ada", "grace", "joan", "mary")) {
      sent.addAll(List.of(events(user, 100)));
    }
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      deployment.send(sent.toArray(ObjectNode[]::new));
      cutOff(deployment, folder, Failpoint.BETWEEN_TWO_UPSERTS, 4, 1_000_000);
      cutOff(deployment, folder, Failpoint.EVENTS_LOOKED_UP, 1, 100);
      loseCheckpoint(deployment);

      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(sent.size());
      }
      assertExact(deployment, sent);
      Tally.done("checkpoint lost", 1);
    }
  }

  /** Kills the program at a place of its first batch, of which it takes so many records. */
  private static void cutOff(
      Deployment deployment, Path folder, Failpoint failpoint, int hit, long records)
      throws Exception {
    Path rules = folder.resolve("rules.btm");
    failpoint.writeRules(rules, hit);
    List<String> settings = new ArrayList<>(deployment.given());
    settings.addAll(KillIT.SMALL_CALLS);
    settings.add("stream.max_events_per_batch=" + records);
    try (ChildProgram program = ChildProgram.run(folder, rules, settings)) {
      program.awaitText(Failpoint.REACHED + failpoint);
      program.kill();
      Tally.done("kill at " + failpoint, 1);
    }
  }

  @Nightly
  @Test
  void however_often_it_is_lost_nothing_is_counted_twice_and_no_dead_letter_sent_twice(
      Services services, @TempDir Path folder) throws IOException {
    List<ObjectNode> sent = new ArrayList<>();
    ObjectNode broken = Shop.event("refund", "ada", KETTLE);
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      deployment.send(broken);
      run(deployment, sent, 1, events("ada", 4));
      run(deployment, sent, events("ada", 3));
      for (int round = 1; round <= 2; round++) {
        loseCheckpoint(deployment);
        ObjectNode[] more = events("grace", 3);
        deployment.send(more);
        try (RunningPipeline pipeline = deployment.start()) {
          assertThat(pipeline.awaitRecords(sent.size() + more.length + 1))
              .isEqualTo(
                  new PipelineTotals(sent.size() + more.length + 1, more.length, sent.size(), 1));
        }
        sent.addAll(List.of(more));
        assertExact(deployment, sent);
        assertThat(deployment.deadLetters()).hasSize(1);
        Tally.done("checkpoint lost", 1);
      }
    }
  }

  @Test
  void an_old_one_put_back_counts_nothing_twice_and_loses_nothing(
      Services services, @TempDir Path folder) throws IOException {
    List<ObjectNode> sent = new ArrayList<>();
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      run(deployment, sent, events("ada", 4));
      Path backup = backUp(deployment, folder);
      deployment.send(Shop.event("refund", "ada", KETTLE));
      run(deployment, sent, 1, events("ada", 5));
      putBack(deployment, backup);

      ObjectNode[] more = events("grace", 3);
      deployment.send(more);
      deployment.send(Shop.event("refund", "grace", KETTLE));
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(10)).isEqualTo(new PipelineTotals(10, 3, 5, 2));
      }
      sent.addAll(List.of(more));
      assertExact(deployment, sent);
      assertThat(deployment.deadLetters()).hasSize(2);
      Tally.done("old checkpoint put back", 1);
    }
  }

  @Nightly
  @Test
  void a_much_older_one_is_refused_with_the_way_out(Services services, @TempDir Path folder)
      throws IOException {
    List<ObjectNode> sent = new ArrayList<>();
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      run(deployment, sent, events("ada", 4));
      Path backup = backUp(deployment, folder);
      run(deployment, sent, events("ada", 5));
      run(deployment, sent, events("grace", 2));
      putBack(deployment, backup);

      try (RunningPipeline pipeline = deployment.start()) {
        assertThatThrownBy(() -> pipeline.awaitRecords(7))
            .isInstanceOf(PipelineException.class)
            .hasMessageContaining("is older than what is stored")
            .hasMessageContaining("delete it to read the topic from its start");
      }
      Tally.done("refusal met", 1);
      loseCheckpoint(deployment);
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(sent.size()).duplicates()).isEqualTo(sent.size());
      }
      assertExact(deployment, sent);
    }
  }

  @Nightly
  @Test
  void it_is_lost_while_a_model_is_copied_and_after_the_switch(
      Services services, @TempDir Path folder) throws Exception {
    List<ObjectNode> sent = new ArrayList<>();
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
        Migration migration = new Migration(services, deployment)) {
      run(deployment, sent, events("ada", 60));
      migration.begin();
      ObjectNode[] more = events("grace", 30);
      deployment.send(more);
      sent.addAll(List.of(more));
      cutOff(deployment, folder, Failpoint.COPIED_PRODUCTS_WRITTEN, 1, 1_000_000);
      loseCheckpoint(deployment);
      readAgain(deployment, migration, sent);

      migration.run("model", "switch");
      loseCheckpoint(deployment);
      readAgain(deployment, migration, sent);
      Tally.done("checkpoint lost", 2);
    }
  }

  /** Reads everything once more; the sums of both models have to be exact then. */
  private static void readAgain(Deployment deployment, Migration migration, List<ObjectNode> sent) {
    try (RunningPipeline pipeline = deployment.start()) {
      pipeline.awaitRecords(sent.size());
      pipeline.await(migration::isReady);
      pipeline.await(migration::waitsForNothing);
    }
    migration.assertBothExact(sent);
    StoreAssertions.assertPairs(deployment, new Recomputation(deployment.settings(), sent).pairs());
  }

  private static void run(Deployment deployment, List<ObjectNode> sent, ObjectNode... events) {
    run(deployment, sent, 0, events);
  }

  /** Sends events and runs them as one batch, with so many records that were sent before. */
  private static void run(
      Deployment deployment, List<ObjectNode> sent, int before, ObjectNode... events) {
    deployment.send(events);
    try (RunningPipeline pipeline = deployment.start()) {
      pipeline.awaitRecords(before + events.length);
    }
    sent.addAll(List.of(events));
  }

  private static void forget(Deployment deployment, String collection, Point point) {
    Futures.getUnchecked(
        deployment
            .stored()
            .client()
            .deleteAsync(collection, List.of(PointIdFactory.id(point.id()))));
  }

  private static Path checkpoint(Deployment deployment) {
    return Path.of(deployment.settings().stream().checkpoint());
  }

  private static void loseCheckpoint(Deployment deployment) throws IOException {
    FileUtils.deleteDirectory(checkpoint(deployment).toFile());
  }

  private static Path backUp(Deployment deployment, Path folder) throws IOException {
    Path backup = folder.resolve("backup");
    FileUtils.copyDirectory(checkpoint(deployment).toFile(), backup.toFile());
    return backup;
  }

  private static void putBack(Deployment deployment, Path backup) throws IOException {
    loseCheckpoint(deployment);
    FileUtils.copyDirectory(backup.toFile(), checkpoint(deployment).toFile());
  }

  private static void assertExact(Deployment deployment, List<ObjectNode> sent) {
    Recomputation expected = new Recomputation(deployment.settings(), sent);
    assertThat(deployment.stored().countEvents()).isEqualTo(sent.size());
    StoreAssertions.assertSums(deployment, expected);
    StoreAssertions.assertPairs(deployment, expected.pairs());
  }
}
