package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Events that are older than {@code events.retention}, and copies of those that were deleted. */
@ExtendWith(SharedServices.class)
class RetentionIT {

  private static final ObjectNode KETTLE =
      Shop.product("kettle", "Copper kettle", "Boils a litre", "Kitchen", 49.9);
  private static final ObjectNode MUG =
      Shop.product("mug", "Blue mug", "Holds what the kettle boils", "Kitchen", 9.5);

  private static final String AN_HOUR = "events.retention=1h";

  private final List<ObjectNode> sent = new ArrayList<>();
  private final List<ObjectNode> old = new ArrayList<>();
  private final ObjectNode ahead =
      Shop.event("view", "grace", KETTLE, Instant.now().plus(Duration.ofDays(1)));

  /** The time at which Kafka took the event from the future, once it has. */
  private Instant aheadTakenAt = Instant.MAX.minusSeconds(1);

  private void send(Deployment deployment, ObjectNode... events) {
    deployment.send(events);
    sent.addAll(List.of(events));
  }

  /** Sends three events that are older than an hour, and two that are not. */
  private void sendSome(Deployment deployment) {
    Instant twoHoursAgo = Instant.now().minus(Duration.ofHours(2));
    for (int i = 0; i < 3; i++) {
      old.add(Shop.event("purchase", "ada", i == 0 ? MUG : KETTLE, twoHoursAgo.plusMillis(i)));
    }
    send(deployment, old.toArray(ObjectNode[]::new));
    send(deployment, Shop.event("view", "ada", KETTLE), Shop.event("view", "grace", MUG));
  }

  private void assertSums(Deployment deployment) {
    StoreAssertions.assertSums(
        deployment,
        new Recomputation(deployment.settings(), sent, Map.of(id(ahead), aheadTakenAt)));
  }

  private static String id(ObjectNode event) {
    return event.path("event_id").textValue();
  }

  private static long tooOld(Deployment deployment) {
    return deployment.deadLetters().stream()
        .map(letter -> new String(letter.headers().lastHeader("reason").value(), UTF_8))
        .filter("older_than_retention"::equals)
        .count();
  }

  @Test
  void old_events_go_and_their_copies_are_not_counted_again(Services services, @TempDir Path folder)
      throws IOException {
    try (Deployment deployment = new Deployment(services, folder)) {
      try (RunningPipeline pipeline = deployment.start()) {
        sendSome(deployment);
        pipeline.awaitRecords(5);
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(5);

      try (RunningPipeline pipeline = deployment.start(AN_HOUR)) {
        pipeline.await(() -> deployment.stored().countEvents() == 2);
        assertSums(deployment);
        // Copies of deleted events, and an event that is late by more than the retention.
        deployment.send(old.toArray(ObjectNode[]::new));
        deployment.send(
            Shop.event("view", "ada", MUG, Instant.now().minus(Duration.ofMinutes(61))));
        send(deployment, Shop.event("purchase", "grace", MUG), ahead);
        pipeline.awaitRecords(6);
      }
      aheadTakenAt = deployment.stored().takenAt().get(id(ahead));
      assertThat(tooOld(deployment)).isEqualTo(4);
      assertThat(deployment.stored().countEvents()).isEqualTo(4);
      assertSums(deployment);

      FileUtils.deleteDirectory(Path.of(deployment.settings().stream().checkpoint()).toFile());
      try (RunningPipeline pipeline =
          deployment.start(AN_HOUR, "kafka.starting_offsets=earliest")) {
        assertThat(pipeline.awaitRecords(11).stored()).isZero();
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(4);
      assertSums(deployment);

      // What was deleted is not known, whether or not anything is deleted from now on.
      try (RunningPipeline pipeline = deployment.start()) {
        deployment.send(old.get(0));
        pipeline.awaitRecords(1);
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(4);
      assertSums(deployment);
    }
  }

  @Nightly
  @Test
  void one_that_is_killed_before_it_deletes_is_followed_by_one_that_counts_no_copy(
      Services services, @TempDir Path folder) throws Exception {
    Path rules =
        Files.writeString(
            folder.resolve("rules.btm"),
            """
            RULE waits before it deletes
            CLASS io.vectorstream.store.ExpiredEvents
            METHOD deleteSome
            AT ENTRY
            IF TRUE
            DO traceln("WAITS BEFORE IT DELETES"), delay(60000)
            ENDRULE
            """);
    try (Deployment deployment = new Deployment(services, folder)) {
      List<String> settings = new ArrayList<>(deployment.given());
      settings.add(AN_HOUR);
      try (RunningPipeline pipeline = deployment.start()) {
        sendSome(deployment);
        pipeline.awaitRecords(5);
      }
      try (ChildProgram killed = ChildProgram.run(folder, rules, settings)) {
        killed.awaitText("WAITS BEFORE IT DELETES");
        killed.kill();
      }
      Tally.done("kill between horizon and deletion", 1);
      assertThat(deployment.stored().countEvents()).isEqualTo(5);

      deployment.send(old.toArray(ObjectNode[]::new));
      send(deployment, Shop.event("view", "grace", KETTLE));
      try (RunningPipeline pipeline = deployment.start(AN_HOUR)) {
        pipeline.awaitRecords(4);
        pipeline.await(() -> deployment.stored().countEvents() == 3);
      }
      assertThat(tooOld(deployment)).isEqualTo(3);
      assertSums(deployment);
    }
  }
}
