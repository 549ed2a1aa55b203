package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.LoadRunner;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RememberingSink;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.it.Stored.Point;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program is killed again and again under load, at chosen places and at random times, and its
 * result has to be exact. {@code -Dresilience.kills} is the number of kills.
 */
@ExtendWith(SharedServices.class)
class KillIT {

  /** Enough products that every start finds some to embed. */
  static final int PRODUCTS = 400;

  /** Events from the future, sent before each kill. */
  private static final int AHEAD = 6;

  private static final int EVENTS_PER_SECOND = 120;

  /**
   * Small batches of points, so that a micro-batch makes several calls of each kind, and little
   * time for embedding, so that some of it is left for the time between batches.
   */
  static final List<String> SMALL_CALLS =
      List.of(
          "qdrant.upsert_batch=20", "qdrant.upserts_in_flight=2", "stream.embedding_time=200ms");

  /** The text that the program logs when it begins to read. */
  static final String READING = "Reading ";

  /** The time to reach a failpoint, which may fail: there may be nothing to embed. */
  static final Duration REACHED = Duration.ofSeconds(60);

  static final ShopperSettings SHOPPERS =
      ShopperSettings.defaults()
          .withUsers(80)
          .withConcurrentSessions(30)
          .withMalformedShare(0.02)
          .withDuplicateShare(0.05)
          .withLateShare(0.05);

  @Test
  void whenever_it_is_killed_every_event_is_counted_once(Services services, @TempDir Path folder)
      throws Exception {
    long seed = Tally.seed("KillIT");
    int kills = Integer.getInteger("resilience.kills", Tally.isLong() ? 40 : 3);
    Random random = new Random(seed);

    List<ObjectNode> ahead = new ArrayList<>();
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
        RememberingSink sink = RememberingSink.to(deployment.settings().kafka())) {
      EventStream shoppers = new EventStream(Catalog.generate(PRODUCTS, seed), SHOPPERS, seed);
      LoadRunner load =
          new LoadRunner(shoppers, sink, () -> EVENTS_PER_SECOND, Long.MAX_VALUE, null);
      CompletableFuture<LoadReport> sending = CompletableFuture.supplyAsync(load::run);
      LoadReport sent;
      try {
        for (Failpoint failpoint : plan(kills, random)) {
          sendAhead(deployment, ahead, random);
          kill(failpoint, random, deployment, folder);
        }
      } finally {
        load.stop();
        sent = sending.join();
      }
      finish(deployment, folder, deployment.given(), sent.valid() + ahead.size(), sent.malformed());
      assertExact(deployment, sink, ahead, sent);
      System.out.printf(
          "KillIT: killed %d times; %,d sent = %,d stored + %,d dead-lettered + %,d duplicates;"
              + " lost 0, doubled 0%n",
          kills, sent.sent(), sent.valid(), sent.malformed(), sent.duplicates());
    }
  }

  /**
   * Sends events from the future, of shoppers and products like the others', some in records from
   * the future: those count from when their batch was first planned, however often it is repeated.
   */
  private static void sendAhead(Deployment deployment, List<ObjectNode> ahead, Random random) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < AHEAD; i++) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      ObjectNode product =
          Shop.product("ahead-" + i % 3, "Lamp", "Ahead of its time", "Lighting", 20);
      Instant time = now.plus(Duration.ofHours(1 + random.nextInt(700_000)));
      ObjectNode event = Shop.event("purchase", "ahead-" + i % 2, product, time);
      ahead.add(event);
      Instant recordTime = i % 2 == 0 ? now.plusMillis(i) : now.plus(Duration.ofMinutes(30));
      records.add(
          new ProducerRecord<>(
              deployment.settings().kafka().topic(),
              null,
              recordTime.toEpochMilli(),
              null,
              Shop.bytes(event)));
    }
    deployment.send(records);
  }

  /**
   * Returns every failpoint and, as null, a random time, in random order, as often as asked; those
   * of which a short run tries some come first.
   */
  private static List<Failpoint> plan(int kills, Random random) {
    List<Failpoint> plan =
        new ArrayList<>(
            Arrays.asList(
                Failpoint.PAIRS_PARTLY_MERGED,
                Failpoint.PRODUCTS_PARTLY_MERGED,
                Failpoint.BETWEEN_TWO_UPSERTS,
                Failpoint.PENDING_INTERESTS_RESOLVED,
                Failpoint.BEFORE_THE_COMMIT,
                null));
    Collections.shuffle(plan, random);
    while (plan.size() < kills) {
      List<Failpoint> round = new ArrayList<>(Failpoint.OF_EVENTS);
      round.add(null);
      round.add(null);
      Collections.shuffle(round, random);
      plan.addAll(round);
    }
    return plan.subList(0, kills);
  }

  static void kill(Failpoint failpoint, Random random, Deployment deployment, Path folder)
      throws Exception {
    kill(failpoint, random, deployment, folder, REACHED);
  }

  /**
   * @param reached the time to reach the failpoint
   */
  static void kill(
      Failpoint failpoint, Random random, Deployment deployment, Path folder, Duration reached)
      throws Exception {
    Path rules = null;
    if (failpoint != null) {
      rules = folder.resolve("rules.btm");
      failpoint.writeRules(rules, 1 + random.nextInt(failpoint.mostHits()));
    }
    List<String> settings = new ArrayList<>(deployment.given());
    settings.addAll(SMALL_CALLS);
    // A planned batch may be too large for the next start, which processes it in parts.
    settings.add("stream.max_events_per_batch=" + (random.nextBoolean() ? 100 : 1_000_000));
    try (ChildProgram program = ChildProgram.run(folder, rules, settings)) {
      program.awaitText(READING);
      String where = "at a random time";
      if (failpoint == null) {
        Thread.sleep(random.nextInt(4_000));
      } else if (program.saysWithin(reached, Failpoint.REACHED + failpoint)) {
        where = "at " + failpoint;
      }
      program.kill();
      Tally.done("kill " + where, 1);
    }
  }

  /** Runs it once more until no record is left, and lets it stop by itself. */
  static void finish(
      Deployment deployment, Path folder, List<String> settings, long valid, long malformed)
      throws Exception {
    // Closing it lets it finish the present batch, but with a time limit.
    try (ChildProgram program = ChildProgram.run(folder, null, settings)) {
      program.awaitText(READING);
      Awaitility.await()
          .atMost(Deployment.PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(deployment.stored().countEvents()).isGreaterThanOrEqualTo(valid);
                assertThat(deployment.deadLetters().size()).isGreaterThanOrEqualTo((int) malformed);
                assertThat(deployment.stored().countPending()).as("pending").isZero();
                // Minutes are the last sums that a batch changes.
                assertThat(counted(deployment.stored().minutes()))
                    .as("of minutes")
                    .isEqualTo(valid);
              });
    }
  }

  private static long counted(Map<?, Point> points) {
    return points.values().stream()
        .flatMap(point -> point.counts().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  static void assertExact(
      Deployment deployment, RememberingSink sink, List<ObjectNode> ahead, LoadReport sent) {
    assertExact(deployment, sink, ahead, sent, Set.of());
  }

  /**
   * @param forgotten users of whom nothing may be stored
   */
  static void assertExact(
      Deployment deployment,
      RememberingSink sink,
      List<ObjectNode> ahead,
      LoadReport sent,
      Set<String> forgotten) {
    List<ObjectNode> valid = new ArrayList<>(sink.valid());
    valid.addAll(ahead);
    Recomputation expected =
        new Recomputation(deployment.settings(), valid, deployment.stored().takenAt());
    long stored = deployment.stored().countEvents() - ahead.size();
    int deadLettered = deployment.deadLetters().size();
    Tally.counted(
        sent.sent(),
        stored,
        deadLettered,
        sent.duplicates(),
        Math.max(0, sent.valid() - stored) + Math.max(0, sent.malformed() - deadLettered),
        Math.max(0, stored - sent.valid()) + Math.max(0, deadLettered - sent.malformed()));
    assertThat(expected.eventCount()).isEqualTo(sent.valid() + ahead.size());
    assertThat(stored).as("events stored").isEqualTo(sent.valid());
    assertThat(deadLettered).as("dead letters").isEqualTo(Math.toIntExact(sent.malformed()));
    StoreAssertions.assertSumsWithout(deployment, expected, forgotten);
    if (forgotten.isEmpty()) {
      StoreAssertions.assertPairs(deployment, expected.pairs());
    }
  }
}
