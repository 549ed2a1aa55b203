package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.BegunBatch;
import io.vectorstream.store.BegunBatch.Stage;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.FencedException;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.VectorStore;
import io.vectorstream.stream.PipelineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A paused pipeline continues after another one has replaced it. */
@ExtendWith(SharedServices.class)
class FenceIT {

  private static final ObjectNode KETTLE =
      Shop.product("kettle", "Copper kettle", "Boils a litre", "Kitchen", 49.9);
  private static final ObjectNode MUG =
      Shop.product("mug", "Blue mug", "Holds what the kettle boils", "Kitchen", 9.5);

  /** The places just before a write of values that were computed from a read. */
  enum Place {
    EVENTS("stream.EventWriter", "withoutDuplicates"),
    PRODUCTS("store.ProductCollection", "store"),
    USERS("store.UserCollection", "store"),
    MINUTES("store.ActivityCollection", "store");

    private final String type;
    private final String method;

    Place(String type, String method) {
      this.type = type;
      this.method = method;
    }

    /** Returns Byteman's rule: it waits there for some seconds, in the second batch. */
    String rule() {
      return """
      RULE a batch begins
      CLASS io.vectorstream.stream.MicroBatch
      METHOD run
      AT ENTRY
      IF incrementCounter("batches") == 2
      DO flag("armed")
      ENDRULE

      RULE waits before it writes
      CLASS io.vectorstream.%s
      METHOD %s
      AT ENTRY
      IF flagged("armed") AND incrementCounter("hits") == 1
      DO traceln("WAITS AT %s"), delay(5000)
      ENDRULE
      """
          .formatted(type, method, name());
    }
  }

  private final List<ObjectNode> sent = new ArrayList<>();

  @Test
  void a_pipeline_that_was_paused_before_a_write_changes_nothing_when_it_goes_on(
      Services services, @TempDir Path folder) throws Exception {
    pauseBefore(Place.USERS, services, folder);
  }

  @Nightly
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USERS")
  void so_it_is_before_every_other_write(Place place, Services services, @TempDir Path folder)
      throws Exception {
    pauseBefore(place, services, folder);
  }

  private void pauseBefore(Place place, Services services, Path folder) throws Exception {
    Path rules = Files.writeString(folder.resolve("rules.btm"), place.rule());
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
        ChildProgram paused = ChildProgram.run(folder, rules, deployment.given())) {
      paused.awaitText("Reading ");
      send(deployment, 20);
      paused.await(() -> deployment.stored().countEvents() == sent.size());
      send(deployment, 20);
      paused.awaitText("WAITS AT " + place);
      paused.pause();

      // With a checkpoint of its own it reads everything again, and finishes the other's batch.
      try (RunningPipeline second =
          deployment.start(
              "stream.checkpoint=" + folder.resolve("another"),
              "kafka.starting_offsets=earliest")) {
        second.awaitRecords(sent.size());
        for (int batch = 0; batch < 2; batch++) {
          send(deployment, 20);
          second.awaitRecords(sent.size());
        }
        assertExact(deployment, sent);

        paused.resume();

        assertThat(paused.awaitEnd()).as("exit status").isEqualTo(1);
        assertThat(paused.said()).contains("another pipeline").contains("has taken over");
        send(deployment, 5);
        second.awaitRecords(sent.size());
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(sent.size());
      assertExact(deployment, sent);

      // Its checkpoint repeats a batch that the second one has made whole, and changed sums since.
      try (RunningPipeline first = deployment.start()) {
        send(deployment, 5);
        first.await(() -> deployment.stored().countEvents() == sent.size());
        first.await(() -> first.totals().stored() == 5);
      }
      assertExact(deployment, sent);
      Tally.done("paused before a write, and replaced", 1);
    }
  }

  @Nightly
  @Test
  void a_pipeline_that_wakes_up_and_plans_a_batch_does_not_end_the_one_that_replaced_it(
      Services services, @TempDir Path folder) throws Exception {
    Path rules =
        Files.writeString(
            folder.resolve("rules.btm"),
            """
            RULE waits before it plans
            CLASS io.vectorstream.stream.PacedStream
            METHOD latestOffset(Offset, ReadLimit)
            AT ENTRY
            IF incrementCounter("plans") == 2
            DO traceln("WAITS BEFORE A PLAN"), delay(5000)
            ENDRULE
            """);
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
        ChildProgram paused = ChildProgram.run(folder, rules, deployment.given())) {
      paused.awaitText("Reading ");
      paused.awaitText("WAITS BEFORE A PLAN");
      paused.pause();

      // It has the same checkpoint, and looks for new events so seldom that the other is first.
      try (RunningPipeline second = deployment.start("stream.trigger=10s")) {
        second.await(FenceIT::waitsForItsNextTrigger);
        send(deployment, 20);
        paused.resume();
        paused.await(
            () -> {
              send(deployment, 1);
              return paused.said().contains("the query ended");
            });

        assertThat(paused.awaitEnd()).as("exit status").isEqualTo(1);
        assertThat(paused.said()).contains("another pipeline").contains("has taken over");
        second.awaitRecords(sent.size());
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(sent.size());
      assertExact(deployment, sent);
    }
  }

  @Nightly
  @Test
  void a_batch_that_was_planned_larger_than_allowed_is_worked_off_in_parts(
      Services services, @TempDir Path folder) throws Exception {
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      send(deployment, 30);
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(sent.size());
      }
      // Spark notes that the next batch reads 330 records, and the process dies.
      send(deployment, 330);
      Path rules = Files.writeString(folder.resolve("rules.btm"), Place.EVENTS.rule());
      Files.writeString(rules, Files.readString(rules).replace("== 2", "== 1"));
      try (ChildProgram killed = ChildProgram.run(folder, rules, deployment.given())) {
        killed.awaitText("WAITS AT EVENTS");
        killed.kill();
      }
      send(deployment, 40);

      try (RunningPipeline pipeline = deployment.start("stream.max_events_per_batch=100")) {
        pipeline.awaitRecords(sent.size() - 30);
        assertThat(pipeline.batches().get(0).records()).isEqualTo(330);
      }

      List<String> marks =
          deployment.stored().events().values().stream()
              .map(point -> point.payload().path("batch").asText())
              .distinct()
              .filter(mark -> mark.contains("."))
              .toList();
      assertThat(marks).as("parts of the batch").hasSize(4);
      assertThat(deployment.stored().countEvents()).isEqualTo(sent.size());
      assertExact(deployment, sent);
    }
  }

  @Nightly
  @Test
  void a_batch_that_was_begun_in_parts_is_made_whole_by_another_pipeline(
      Services services, @TempDir Path folder) throws Exception {
    Path rules = folder.resolve("rules.btm");
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS)) {
      send(deployment, 30);
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(sent.size());
      }
      // All of a batch is stored, and nothing counted; the next try takes a part of it.
      send(deployment, 330);
      Files.writeString(
          rules,
          """
          RULE waits before it counts
          CLASS io.vectorstream.stream.TooManyTextsException
          METHOD check
          AT ENTRY
          IF TRUE
          DO traceln("WAITS, ALL STORED"), delay(60000)
          ENDRULE
          """);
      List<String> settings = new ArrayList<>(deployment.given());
      try (ChildProgram killed = ChildProgram.run(folder, rules, settings)) {
        killed.awaitText("WAITS, ALL STORED");
        killed.kill();
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(sent.size());
      Files.writeString(rules, Place.PRODUCTS.rule().replace("== 2", "== 1"));
      settings.add("stream.max_events_per_batch=100");
      try (ChildProgram killed = ChildProgram.run(folder, rules, settings)) {
        killed.awaitText("WAITS AT PRODUCTS");
        killed.kill();
      }

      try (RunningPipeline second =
          deployment.start("stream.checkpoint=" + folder.resolve("another"))) {
        assertThat(second.awaitRecords(sent.size()).stored()).isZero();
      }
      assertExact(deployment, sent);
    }
  }

  @Test
  void who_was_replaced_can_begin_no_batch(Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
        VectorStore store = VectorStore.connect(deployment.settings().qdrant())) {
      Settings settings = deployment.settings();
      EmbeddingService embeddings = EmbeddingService.shared(settings.embedding());
      new CollectionSchemas(store, embeddings.dimension(), embeddings.identity())
          .ensure(false, true);
      BegunBatch batch =
          new BegunBatch(new BatchMark("q", 1, "ab"), Stage.STORING, 1, "topic", List.of());

      Ledger first = Ledger.takeOver(settings.qdrant(), "the first");
      first.note(batch);
      Ledger second = Ledger.takeOver(settings.qdrant(), "the second");

      assertThat(second.entry().begun()).contains(batch);
      assertThat(second.entry().epoch()).isEqualTo(first.entry().epoch() + 1);
      assertThat(second.nextTurn().number()).isGreaterThan(first.nextTurn().number());
      assertThatThrownBy(() -> first.note(batch.counting()))
          .isInstanceOf(FencedException.class)
          .hasMessageContaining("another pipeline (the second, since ");
      second.note(batch.counting());
      assertThat(Ledger.find(store).orElseThrow().batch()).isEqualTo(batch.counting());
      VectorStore.closeShared(settings.qdrant());
    }
  }

  @Nightly
  @Test
  void who_was_replaced_ends_although_no_record_comes(Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
        RunningPipeline pipeline = deployment.start()) {
      Ledger.takeOver(deployment.settings().qdrant(), "another");

      assertThatThrownBy(() -> pipeline.await(() -> false))
          .isInstanceOf(PipelineException.class)
          .hasMessageContaining("another pipeline (another, since ")
          .hasMessageContaining("has taken over");
    }
  }

  /** Of the only query in this process. */
  private static boolean waitsForItsNextTrigger() {
    StreamingQuery[] queries = SparkSession.active().streams().active();
    return queries.length == 1 && queries[0].status().message().equals("Waiting for next trigger");
  }

  private void send(Deployment deployment, int count) {
    ObjectNode[] events =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    Shop.event(
                        i % 3 == 0 ? "purchase" : "view",
                        i % 4 == 0 ? "ada" : "grace",
                        i % 2 == 0 ? KETTLE : MUG))
            .toArray(ObjectNode[]::new);
    deployment.send(events);
    sent.addAll(List.of(events));
  }

  private static void assertExact(Deployment deployment, List<ObjectNode> sent) {
    Recomputation expected = new Recomputation(deployment.settings(), sent);
    StoreAssertions.assertSums(deployment, expected);
    StoreAssertions.assertPairs(deployment, expected.pairs());
  }
}
