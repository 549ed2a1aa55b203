package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.LoadRunner;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.RememberingSink;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.local.Main;
import io.vectorstream.local.fault.FaultProxy.Direction;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pauses, kills, outages, late calls, second pipelines, lost checkpoints and users who are
 * forgotten in turns, under load; in the end everything is counted once. {@code
 * -Dresilience.faults} is the number of faults.
 */
@ExtendWith(SharedServices.class)
@Nightly
class TurmoilIT {

  private static final int EVENTS_PER_SECOND = 40;

  private static final List<String> IMPATIENT =
      List.of(
          "qdrant.timeout=2s",
          "kafka.connect_timeout=5s",
          "kafka.properties.default.api.timeout.ms=4000",
          "kafka.properties.request.timeout.ms=2000");

  /** The time that a process waits before its write, in which the test pauses it. */
  private static final Duration BEFORE_THE_WRITE = Duration.ofSeconds(5);

  /** The text that the program logs for a batch that is done. */
  private static final String BATCH = " records in ";

  private enum Turn {
    KILLED,
    REPLACED_WHILE_PAUSED,
    WRITTEN_LATE,
    SERVICES_AWAY,
    CHECKPOINT_LOST,
    USER_FORGOTTEN
  }

  private Random random;
  private Path folder;
  private FaultyServices faulty;
  private Deployment deployment;
  private RememberingSink sink;
  private final Set<String> forgotten = new HashSet<>();
  private Path checkpoint;
  private int programs;
  private int faults;

  @Test
  void whatever_happens_in_turns_every_event_is_counted_once(
      Services services, @TempDir Path folder) throws Exception {
    long seed = Tally.seed("TurmoilIT");
    int wanted = Integer.getInteger("resilience.faults", Tally.isLong() ? 110 : 3);
    this.random = new Random(seed);
    this.folder = folder;
    this.checkpoint = folder.resolve("checkpoint");
    try (FaultyServices faultyServices = new FaultyServices(services, folder);
        Deployment deployed = new Deployment(faultyServices.services(), folder);
        RememberingSink remembering = RememberingSink.to(deployed.settings().kafka())) {
      sink = remembering;
      faulty = faultyServices;
      deployment = deployed;
      EventStream shoppers =
          new EventStream(Catalog.generate(KillIT.PRODUCTS, seed), KillIT.SHOPPERS, seed);
      LoadRunner load =
          new LoadRunner(shoppers, sink, () -> EVENTS_PER_SECOND, Long.MAX_VALUE, null);
      CompletableFuture<LoadReport> sending = CompletableFuture.supplyAsync(load::run);
      LoadReport sent;
      try {
        List<Turn> turns = new ArrayList<>();
        while (faults < wanted) {
          if (turns.isEmpty()) {
            turns.addAll(round());
          }
          take(turns.remove(0));
        }
      } finally {
        faulty.qdrant().release();
        faulty.qdrant().pass();
        faulty.kafka().pass();
        load.stop();
        sent = sending.join();
      }
      KillIT.finish(deployment, folder, settings(checkpoint), sent.valid(), sent.malformed());
      KillIT.assertExact(deployment, sink, List.of(), sent, forgotten);
      assertNothingTells();
      System.out.printf(
          "TurmoilIT: %d faults in %d runs; %,d sent = %,d stored + %,d dead-lettered + %,d"
              + " duplicates; lost 0, doubled 0%n",
          faults, programs, sent.sent(), sent.valid(), sent.malformed(), sent.duplicates());
    }
  }

  /** Returns each turn at least once; those that no other test tries come first in a short form. */
  private List<Turn> round() {
    List<Turn> round =
        new ArrayList<>(
            List.of(
                Turn.REPLACED_WHILE_PAUSED,
                Turn.WRITTEN_LATE,
                Turn.CHECKPOINT_LOST,
                Turn.USER_FORGOTTEN));
    Collections.shuffle(round, random);
    List<Turn> rest =
        new ArrayList<>(
            List.of(
                Turn.KILLED,
                Turn.KILLED,
                Turn.KILLED,
                Turn.REPLACED_WHILE_PAUSED,
                Turn.SERVICES_AWAY));
    Collections.shuffle(rest, random);
    round.addAll(rest);
    return round;
  }

  private void take(Turn turn) throws Exception {
    switch (turn) {
      case KILLED -> kill();
      case REPLACED_WHILE_PAUSED -> replaceWhilePaused();
      case WRITTEN_LATE -> writeLate();
      case SERVICES_AWAY -> takeServicesAway();
      case CHECKPOINT_LOST -> {
        kill();
        FileUtils.deleteDirectory(checkpoint.toFile());
        done("checkpoint lost");
      }
      case USER_FORGOTTEN -> {
        // A part of the present batch is stored.
        kill();
        forgetSomebody();
        kill();
      }
    }
  }

  private void forgetSomebody() {
    List<ObjectNode> seen = sink.valid();
    String user = seen.get(random.nextInt(seen.size())).path("user_id").textValue();
    List<String> arguments = new ArrayList<>(List.of("user", "forget", user, "--wait", "0"));
    settings(checkpoint).forEach(setting -> arguments.addAll(List.of("--set", setting)));
    StringWriter said = new StringWriter();
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said, true))
            .execute(arguments.toArray(String[]::new));
    assertThat(status).as(said.toString()).isEqualTo(1);
    assertThat(said.toString()).contains("Not finished");
    forgotten.add(user);
    done("user forgotten");
  }

  private void assertNothingTells() {
    deployment
        .stored()
        .forEachEvent(
            event ->
                assertThat(forgotten).doesNotContain(event.payload().path("user_id").asText()));
    assertThat(deployment.stored().users()).doesNotContainKeys(forgotten.toArray(String[]::new));
  }

  private void kill() throws Exception {
    List<Failpoint> all = Failpoint.OF_EVENTS;
    int choice = random.nextInt(all.size() + 2);
    Failpoint failpoint = choice < all.size() ? all.get(choice) : null;
    Path rules = failpoint == null ? null : rules();
    if (failpoint != null) {
      failpoint.writeRules(rules, 1 + random.nextInt(failpoint.mostHits()));
    }
    try (ChildProgram program = run(rules, checkpoint)) {
      program.awaitText(KillIT.READING);
      String where = "at a random time";
      if (failpoint == null) {
        Thread.sleep(random.nextInt(4_000));
      } else if (program.saysWithin(KillIT.REACHED, Failpoint.REACHED + failpoint)) {
        where = "at " + failpoint;
      }
      program.kill();
      done("kill " + where);
    }
  }

  /** Lets a second pipeline take over from one that hangs before a write, and then continues. */
  private void replaceWhilePaused() throws Exception {
    boolean own = random.nextBoolean();
    Path other = own ? folder.resolve("checkpoint-" + programs) : checkpoint;
    try (ChildProgram first = stopBeforeAWrite()) {
      first.pause();
      try (ChildProgram second = run(null, other)) {
        second.awaitText(KillIT.READING);
        second.awaitText(BATCH);
        first.resume();
        assertThat(first.awaitEnd()).as(first.said()).isEqualTo(1);
        assertThat(first.said()).contains("has taken over");
        done("paused, replaced " + (own ? "with another checkpoint" : "on the same checkpoint"));
        Thread.sleep(random.nextInt(3_000));
        second.kill();
        done("kill of a second pipeline");
      }
    } finally {
      checkpoint = other;
    }
  }

  /** Delays a call of a process that was killed until the next process has written. */
  private void writeLate() throws Exception {
    try (ChildProgram first = stopBeforeAWrite()) {
      faulty.qdrant().hold();
      // It continues by itself, and sends its write.
      Thread.sleep(BEFORE_THE_WRITE.plusSeconds(1).toMillis());
      first.kill();
    }
    try (ChildProgram second = run(null, checkpoint)) {
      second.awaitText(KillIT.READING);
      second.awaitText(BATCH);
      faulty.qdrant().release();
      done("call carried out late");
      Thread.sleep(random.nextInt(3_000));
      second.kill();
      done("kill at a random time");
    }
  }

  private void takeServicesAway() throws Exception {
    try (ChildProgram program = run(null, checkpoint)) {
      program.awaitText(KillIT.READING);
      faulty.qdrant().cutAfter(random.nextInt(60_000), Direction.TO_SERVER);
      Thread.sleep(2_000);
      done("Qdrant's connection cut in the middle");
      faulty.qdrant().refuse();
      Thread.sleep(1_000 + random.nextInt(3_000));
      faulty.qdrant().pass();
      done("Qdrant refused connections");
      faulty.qdrant().silent();
      Thread.sleep(1_000 + random.nextInt(4_000));
      faulty.qdrant().pass();
      done("Qdrant hung");
      faulty.kafka().refuse();
      Thread.sleep(1_000 + random.nextInt(3_000));
      faulty.kafka().pass();
      done("Kafka refused connections");
      Thread.sleep(random.nextInt(3_000));
      program.kill();
      done("kill at a random time");
    }
  }

  /** Starts a program that waits for some seconds before it writes sums which it has read. */
  private ChildProgram stopBeforeAWrite() throws Exception {
    while (true) {
      List<Failpoint> places = Failpoint.BEFORE_A_WRITE;
      Failpoint place = places.get(random.nextInt(places.size()));
      Path rules = rules();
      place.writeRules(rules, 1 + random.nextInt(place.mostHits()), BEFORE_THE_WRITE);
      ChildProgram program = run(rules, checkpoint);
      program.awaitText(KillIT.READING);
      if (program.saysWithin(KillIT.REACHED, Failpoint.REACHED + place)) {
        return program;
      }
      program.kill();
      done("kill at a random time");
    }
  }

  private Path rules() {
    return folder.resolve("rules-" + programs + ".btm");
  }

  private ChildProgram run(Path rules, Path checkpoint) throws Exception {
    List<String> settings = settings(checkpoint);
    // A planned batch may be too large for the next start, which processes it in parts.
    settings.add("stream.max_events_per_batch=" + (random.nextBoolean() ? 500 : 1_000_000));
    return ChildProgram.run(folder.resolve("program-" + programs++), rules, settings);
  }

  private List<String> settings(Path checkpoint) {
    List<String> settings = new ArrayList<>(deployment.given());
    settings.addAll(KillIT.SMALL_CALLS);
    settings.addAll(IMPATIENT);
    settings.add("stream.checkpoint=" + checkpoint);
    return settings;
  }

  private void done(String what) {
    faults++;
    Tally.done(what, 1);
  }
}
