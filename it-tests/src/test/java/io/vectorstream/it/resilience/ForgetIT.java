package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.local.Main;
import io.vectorstream.local.run.DemoQueries;
import io.vectorstream.store.VectorStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code user forget} against everything that could bring a user back: copies, new events, replays,
 * a lost checkpoint, batches in progress, paused writers, kills.
 */
@ExtendWith(SharedServices.class)
class ForgetIT {

  private static final ObjectNode KETTLE =
      Shop.product("kettle", "Copper kettle", "Boils a litre", "Kitchen", 49.9);
  private static final ObjectNode MUG =
      Shop.product("mug", "Blue mug", "Holds what the kettle boils", "Kitchen", 9.5);

  private static final String ADA = "ada-4711";
  private static final String QUERY = "a present for my aunt in Rize";

  private final List<ObjectNode> sent = new ArrayList<>();

  private record CommandResult(int status, String said) {}

  private static CommandResult run(
      Deployment deployment, List<String> command, String... overrides) {
    List<String> arguments = new ArrayList<>(command);
    deployment.given().forEach(setting -> arguments.addAll(List.of("--set", setting)));
    List.of(overrides).forEach(setting -> arguments.addAll(List.of("--set", setting)));
    StringWriter said = new StringWriter();
    PrintWriter to = new PrintWriter(said, true);
    int status = Main.commandLine().setOut(to).setErr(to).execute(arguments.toArray(String[]::new));
    return new CommandResult(status, said.toString());
  }

  private static CommandResult forget(Deployment deployment, String user, String... options) {
    List<String> command = new ArrayList<>(List.of("user", "forget", user));
    command.addAll(List.of(options));
    return run(deployment, command);
  }

  private static ObjectNode search(String user) {
    return Shop.event("search", user, KETTLE).put("search_query", QUERY);
  }

  private static ObjectNode purchase(String user) {
    return Shop.event("purchase", user, KETTLE)
        .put("quantity", 2)
        .put("payment_method", "card of " + user);
  }

  private List<ObjectNode> send(Deployment deployment, ObjectNode... events) {
    deployment.send(events);
    sent.addAll(List.of(events));
    return List.of(events);
  }

  private List<ObjectNode> sendSome(Deployment deployment, String user) {
    return send(
        deployment,
        search(user),
        purchase(user),
        Shop.event("view", user, MUG),
        Shop.event("view", "grace", MUG),
        Shop.event("purchase", "grace", KETTLE),
        Shop.event("add_to_cart", user, KETTLE));
  }

  private void assertForgotten(Deployment deployment, String user) {
    assertThat(deployment.stored().everything())
        .allSatisfy(
            point -> {
              assertThat(point.payload().toString())
                  .doesNotContain(user)
                  .doesNotContain(QUERY)
                  .doesNotContain("session-of-" + user);
              assertThat(point.id().toString()).isNotEqualTo(user);
            });
    Recomputation expected = new Recomputation(deployment.settings(), sent);
    assertThat(deployment.stored().countEvents()).isEqualTo(expected.eventCount());
    StoreAssertions.assertSumsWithout(deployment, expected, Set.of(user));
  }

  @ParameterizedTest
  @ValueSource(strings = {ADA, "0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77"})
  void nothing_that_comes_later_brings_the_user_back(
      String user, Services services, @TempDir Path folder) throws IOException {
    try (Deployment deployment = new Deployment(services, folder)) {
      List<ObjectNode> old = new ArrayList<>();
      long records = 0;
      try (RunningPipeline pipeline = deployment.start("events.vectors=true")) {
        old.addAll(sendSome(deployment, user));
        sendBroken(deployment, user);
        pipeline.awaitRecords(records += 7);

        CommandResult forgotten = forget(deployment, user);

        assertThat(forgotten.said())
            .contains("is removed", "4 events", "Nothing of the user can be written any more")
            .contains("topic " + deployment.settings().kafka().deadLetterTopic() + ": after ");
        assertThat(forgotten.status()).isZero();
        assertForgotten(deployment, user);

        // Copies of old events, one of them in another spelling, and new events.
        deployment.send(old.get(0), old.get(1), old.get(0).deepCopy().put("extra", 1));
        sendSome(deployment, user);
        pipeline.awaitRecords(records += 9);
        assertForgotten(deployment, user);

        replay(deployment, user);
        pipeline.awaitRecords(records += 2);
        assertForgotten(deployment, user);
        assertThat(run(deployment, List.of("dead-letter", "list", "--json")).said())
            .contains("of a user who is forgotten", "missing_field")
            .doesNotContain(user);
      }
      Tally.done("user forgotten", 1);

      FileUtils.deleteDirectory(Path.of(deployment.settings().stream().checkpoint()).toFile());
      try (RunningPipeline pipeline =
          deployment.start("events.vectors=true", "kafka.starting_offsets=earliest")) {
        assertThat(pipeline.awaitRecords(records).stored()).isZero();
        sendSome(deployment, user);
        pipeline.awaitRecords(records + 6);
      }
      assertForgotten(deployment, user);
      assertThat(proof(deployment)).contains("for the busiest user, grace").doesNotContain(user);
      assertThat(forget(deployment, user, "--no-pipeline").said())
          .contains("was not stored", "0 events");
    }
  }

  /** Returns the final output of the demo. */
  private static String proof(Deployment deployment) {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (VectorStore store = VectorStore.connect(deployment.settings().qdrant())) {
      new DemoQueries(store, deployment.settings(), new PrintStream(shown, true, UTF_8))
          .recommendations();
    }
    return shown.toString(UTF_8);
  }

  private static void sendBroken(Deployment deployment, String user) {
    ObjectNode broken = search(user);
    broken.remove("event_type");
    deployment.send(broken);
  }

  /** Replays a record that is still broken, and one that can be read now. */
  private void replay(Deployment deployment, String user) {
    ObjectNode mended = search(user);
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            deployment.settings().kafka().deadLetterTopic(),
            0,
            user.getBytes(UTF_8),
            Shop.bytes(mended));
    Map.of("reason", "not_json", "topic", deployment.settings().kafka().topic())
        .forEach((name, text) -> letter.headers().add(name, text.getBytes(UTF_8)));
    deployment.send(List.of(letter));
    assertThat(run(deployment, List.of("dead-letter", "replay")).said()).contains("2 replayed");
    sent.add(mended);
  }

  /** The place where a batch without the request continues after the user's removal. */
  @ParameterizedTest
  @EnumSource(FenceIT.Place.class)
  void a_batch_in_hand_that_does_not_know_it_stores_nothing_that_stays(
      FenceIT.Place place, Services services, @TempDir Path folder) throws Exception {
    Path rules = Files.writeString(folder.resolve("rules.btm"), place.rule());
    try (Deployment deployment = new Deployment(services, folder);
        ChildProgram pipeline = ChildProgram.run(folder, rules, deployment.given())) {
      pipeline.awaitText("Reading ");
      sendSome(deployment, ADA);
      pipeline.await(() -> deployment.stored().countEvents() == sent.size());
      sendSome(deployment, ADA);
      pipeline.awaitText("WAITS AT " + place);

      // The pipeline waits for 5 s, and then goes on.
      CommandResult forgotten = forget(deployment, ADA);

      assertThat(forgotten.said()).contains("Nothing of the user can be written any more");
      assertThat(forgotten.status()).isZero();
      pipeline.await(() -> deployment.stored().countEvents() == sent.size());
      sendSome(deployment, ADA);
      pipeline.await(() -> deployment.stored().countEvents() == sent.size());
      pipeline.terminate();
      pipeline.awaitEnd();
      assertForgotten(deployment, ADA);
    }
  }

  @Nightly
  @ParameterizedTest
  @EnumSource(
      value = FenceIT.Place.class,
      names = {"EVENTS", "USERS"})
  void a_pipeline_that_stands_still_and_is_replaced_brings_nobody_back_when_it_goes_on(
      FenceIT.Place place, Services services, @TempDir Path folder) throws Exception {
    Path rules = Files.writeString(folder.resolve("rules.btm"), place.rule());
    try (Deployment deployment = new Deployment(services, folder);
        ChildProgram paused = ChildProgram.run(folder, rules, deployment.given())) {
      paused.awaitText("Reading ");
      sendSome(deployment, ADA);
      paused.await(() -> deployment.stored().countEvents() == sent.size());
      sendSome(deployment, ADA);
      paused.awaitText("WAITS AT " + place);
      paused.pause();

      CommandResult early = forget(deployment, ADA, "--wait", "1");

      assertThat(early.said()).contains("Not finished", "--no-pipeline");
      assertThat(early.status()).isEqualTo(1);
      try (RunningPipeline second =
          deployment.start(
              "stream.checkpoint=" + folder.resolve("another"),
              "kafka.starting_offsets=earliest")) {
        second.awaitRecords(sent.size());
        assertThat(forget(deployment, ADA).status()).isZero();
        assertForgotten(deployment, ADA);

        paused.resume();

        assertThat(paused.awaitEnd()).as("exit status").isEqualTo(1);
        sendSome(deployment, ADA);
        second.awaitRecords(sent.size());
      }
      assertForgotten(deployment, ADA);
      Tally.done("user forgotten while a writer stood still", 1);
    }
  }

  /** A command that forgets a user without a pipeline cannot know of one that is paused. */
  @Nightly
  @Test
  void what_a_pipeline_stores_that_was_taken_for_stopped_loses_its_user_when_its_batch_is_repeated(
      Services services, @TempDir Path folder) throws Exception {
    Path rules = Files.writeString(folder.resolve("rules.btm"), FenceIT.Place.EVENTS.rule());
    try (Deployment deployment = new Deployment(services, folder)) {
      try (ChildProgram paused = ChildProgram.run(folder, rules, deployment.given())) {
        paused.awaitText("Reading ");
        sendSome(deployment, ADA);
        paused.await(() -> deployment.stored().countEvents() == sent.size());
        sendSome(deployment, ADA);
        paused.awaitText("WAITS AT EVENTS");
        paused.pause();

        CommandResult forgotten = forget(deployment, ADA, "--no-pipeline");

        assertThat(forgotten.said()).contains("Nothing of the user can be written any more");
        assertThat(forgotten.status()).isZero();
        paused.resume();
        assertThat(paused.awaitEnd()).as("exit status").isEqualTo(1);
        assertThat(paused.said()).contains("has taken over");
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(sent.size());
      try (RunningPipeline pipeline = deployment.start()) {
        sendSome(deployment, ADA);
        pipeline.await(() -> deployment.stored().countEvents() == sent.size());
        pipeline.await(() -> pipeline.totals().stored() == 12);
      }
      assertForgotten(deployment, ADA);
    }
  }

  /** The places where the command is killed. */
  enum Cut {
    USER_STILL_STORED("removeUsers"),
    EVENTS_STILL_STORED("anonymiseEvents"),
    EVENTS_PARTLY_STORED("anonymise");

    private final String method;

    Cut(String method) {
      this.method = method;
    }

    String rule() {
      return """
      RULE waits to be killed
      CLASS io.vectorstream.store.UserErasure
      METHOD %s
      AT ENTRY
      IF TRUE
      DO traceln("WAITS AT %s"), delay(60000)
      ENDRULE
      """
          .formatted(method, name());
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_is_killed_is_finished_by_the_pipeline(
      Cut cut, Services services, @TempDir Path folder) throws Exception {
    Path rules = Files.writeString(folder.resolve("rules.btm"), cut.rule());
    try (Deployment deployment = new Deployment(services, folder)) {
      try (RunningPipeline pipeline = deployment.start()) {
        sendSome(deployment, ADA);
        pipeline.awaitRecords(sent.size());
      }
      List<String> arguments = new ArrayList<>(List.of("user", "forget", ADA));
      deployment.given().forEach(setting -> arguments.addAll(List.of("--set", setting)));
      List<String> command =
          ChildProgram.command(folder, List.of(ChildProgram.byteman(rules)), arguments);
      try (ChildProgram killed = ChildProgram.startedBy(folder, Map.of(), command)) {
        killed.awaitText("WAITS AT " + cut);
        killed.kill();
      }
      assertThat(deployment.stored().everything())
          .anyMatch(point -> point.payload().toString().contains(ADA));
      Tally.done("kill of a user forget", 1);

      // Nothing comes in: it is done between batches.
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.await(
            () ->
                deployment.stored().everything().stream()
                    .noneMatch(point -> point.payload().toString().contains(ADA)));
        assertForgotten(deployment, ADA);
        assertThat(forget(deployment, ADA).status()).isZero();
        sendSome(deployment, ADA);
        pipeline.awaitRecords(6);
      }
      assertForgotten(deployment, ADA);
    }
  }

  /**
   * As after an upgrade to another model, or after a loss of all collections but a copy of users.
   */
  @Nightly
  @Test
  void new_collections_that_read_the_topic_again_bring_back_nobody_whom_they_are_told_of(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      String before = deployment.settings().qdrant().collections().users();
      try (RunningPipeline pipeline = deployment.start()) {
        sendSome(deployment, ADA);
        send(deployment, Shop.event("view", "linus", MUG), Shop.event("view", "linus", KETTLE));
        pipeline.awaitRecords(sent.size());
        assertThat(forget(deployment, ADA).status()).isZero();
      }
      try (Deployment next =
          new Deployment(
              services,
              folder.resolve("next"),
              "kafka.topic=" + deployment.settings().kafka().topic(),
              "qdrant.collections.forgotten_from=nothing, " + before)) {
        assertThatThrownBy(next::start)
            .hasMessageContaining("there is no collection 'nothing'")
            .hasMessageContaining("qdrant.collections.forgotten_from");

        try (RunningPipeline pipeline = next.start("qdrant.collections.forgotten_from=" + before)) {
          pipeline.awaitRecords(sent.size());
          assertThat(pipeline.batches().stream().mapToLong(batch -> batch.ofForgottenUsers()).sum())
              .isEqualTo(4);
          assertForgotten(next, ADA);

          // And if they are told later, for a user who is stored by then.
          assertThat(forget(deployment, "grace", "--no-pipeline").status()).isZero();
        }
        try (RunningPipeline pipeline = next.start("qdrant.collections.forgotten_from=" + before)) {
          pipeline.await(
              () ->
                  next.stored().everything().stream()
                      .noneMatch(point -> point.payload().toString().contains("grace")));
        }
        Recomputation expected = new Recomputation(next.settings(), sent);
        StoreAssertions.assertSumsWithout(next, expected, Set.of(ADA, "grace"));
      }
    }
  }

  @Test
  void several_users_are_forgotten_whose_ids_stand_in_a_file(
      Services services, @TempDir Path folder) throws IOException {
    try (Deployment deployment = new Deployment(services, folder);
        RunningPipeline pipeline = deployment.start()) {
      sendSome(deployment, ADA);
      sendSome(deployment, "m\u00fcller 7");
      pipeline.awaitRecords(sent.size());
      Path ids = Files.writeString(folder.resolve("ids.txt"), "\uFEFFm\u00fcller 7\r\n\nnobody \n");

      CommandResult forgotten = forget(deployment, ADA, "--ids", ids.toString());

      assertThat(forgotten.said())
          .contains(
              "User 'm\u00fcller 7' is removed",
              "User 'nobody ' was not stored",
              "ends with blanks or quotes")
          .contains("8 events of these users", "Nothing of these users can be written any more");
      assertThat(forgotten.status()).isZero();
      Recomputation expected = new Recomputation(deployment.settings(), sent);
      StoreAssertions.assertSumsWithout(deployment, expected, Set.of(ADA, "m\u00fcller 7"));
      Files.write(ids, new byte[] {'m', (byte) 0xFC, '\n'});
      assertThat(forget(deployment, "grace", "--ids", ids.toString()).said())
          .contains("ids.txt' cannot be read; expected a text file in UTF-8");
      Files.write(ids, "grace".getBytes(StandardCharsets.UTF_16LE));
      assertThat(forget(deployment, "--ids", ids.toString()).said())
          .contains("ids.txt', line 1 has a control character");
      assertThat(run(deployment, List.of("user", "forget")).said()).contains("no ID is given");
      // It names a file for no command.
      assertThat(forget(deployment, "@" + ids, "--no-pipeline").said()).contains("User '@");
    }
  }

  @Test
  void somebody_unknown_is_forgotten_before_the_first_event(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      assertThat(forget(deployment, ADA).said()).contains("no pipeline has run");
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(forget(deployment, ADA).said()).contains("was not stored");
        sendSome(deployment, ADA);
        pipeline.awaitRecords(sent.size());
        assertThat(pipeline.batches().stream().mapToLong(batch -> batch.ofForgottenUsers()).sum())
            .isEqualTo(4);
      }
      assertForgotten(deployment, ADA);
      assertThat(forget(deployment, "").status()).isEqualTo(2);
      assertThat(forget(deployment, "m\uFFFDller").said()).contains("a locale with UTF-8");
      // Events may have such an id.
      assertThat(forget(deployment, " ", "--no-pipeline").status()).isZero();
      assertThat(forget(deployment, UUID.randomUUID().toString(), "--wait", "-1").status())
          .isEqualTo(2);
    }
  }
}
