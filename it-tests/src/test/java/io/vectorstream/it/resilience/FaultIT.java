package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.fault.FaultProxy.Direction;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.Health.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Kafka and Qdrant stop, hang, are slow and break connections, and come back; nothing is lost. */
@ExtendWith(SharedServices.class)
class FaultIT {

  private static final Duration AWAY = Duration.ofSeconds(Tally.isLong() ? 60 : 2);
  private static final int EVENTS = 150;

  private final List<ObjectNode> sent = new ArrayList<>();
  private Random random;
  private FaultyServices faulty;
  private Deployment deployment;
  private int broken;

  @BeforeEach
  void deploy(Services services, @TempDir Path folder) {
    random = new Random(Tally.seed("FaultIT"));
    faulty = new FaultyServices(services, folder);
    deployment =
        new Deployment(
            faulty.services(),
            folder,
            "qdrant.timeout=2s",
            "qdrant.upsert_batch=20",
            "kafka.connect_timeout=5s",
            "kafka.properties.default.api.timeout.ms=4000",
            "kafka.properties.request.timeout.ms=2000");
  }

  @AfterEach
  void removeAll() {
    faulty.kafka().pass();
    faulty.qdrant().pass();
    deployment.close();
    faulty.close();
  }

  @Test
  void while_qdrant_is_away_the_batch_waits_and_then_completes() {
    try (RunningPipeline pipeline = deployment.start()) {
      sendAndAwait(pipeline);
      FaultProxy qdrant = faulty.qdrant();
      outage(pipeline, "Qdrant refused connections", qdrant::refuse, qdrant::pass);
      outage(pipeline, "Qdrant hung", qdrant::silent, qdrant::pass);
      assertThat(pipeline.health().restarts()).as("restarts of the query").isZero();
      assertThat(pipeline.healths())
          .as("what it said meanwhile")
          .anySatisfy(
              health -> {
                assertThat(health.state()).isEqualTo(State.WAITING);
                assertThat(health.reason()).contains("Qdrant at 127.0.0.1:" + qdrant.port());
              });
    }
    assertExact();
  }

  /** Events come in while the service is away, and are stored when it is back. */
  private void outage(RunningPipeline pipeline, String what, Runnable begin, Runnable end) {
    begin.run();
    send();
    pipeline.await(() -> pipeline.health().state() == State.WAITING);
    Health.State during = pipeline.health().state();
    pause(AWAY);
    end.run();
    Tally.done(what, 1);
    assertThat(during).isEqualTo(State.WAITING);
    awaitAll(pipeline);
    pipeline.await(() -> pipeline.health().state() == State.RUNNING);
  }

  @Nightly
  @Test
  void when_qdrant_is_away_for_too_long_the_query_is_started_again_until_it_is_back() {
    try (RunningPipeline pipeline = deployment.start("qdrant.retry_for=2s")) {
      sendAndAwait(pipeline);
      faulty.qdrant().refuse();
      send();
      pipeline.await(() -> pipeline.health().restarts() >= 2);
      assertThat(pipeline.healths())
          .anySatisfy(
              health -> {
                assertThat(health.state()).isEqualTo(State.RESTARTING);
                assertThat(health.reason()).contains("Qdrant at 127.0.0.1");
              });
      faulty.qdrant().pass();
      Tally.done("Qdrant away until the query failed", 1);
      awaitAll(pipeline);
      pipeline.await(() -> pipeline.health().state() == State.RUNNING);
    }
    assertExact();
  }

  @Test
  void calls_that_break_off_in_the_middle_count_once() {
    try (RunningPipeline pipeline = deployment.start()) {
      sendAndAwait(pipeline);
      for (int i = 0; i < (Tally.isLong() ? 40 : 4); i++) {
        Direction direction = random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT;
        faulty.qdrant().cutAfter(random.nextInt(60_000), direction);
        send();
        awaitAll(pipeline);
        Tally.done("Qdrant's connection cut in the middle", 1);
      }
      faulty.qdrant().slow(Duration.ofMillis(20), 300_000);
      send();
      awaitAll(pipeline);
      Tally.done("Qdrant slow", 1);
    }
    assertExact();
  }

  @Test
  void when_kafka_is_back_everything_goes_on_where_it_stopped() {
    try (RunningPipeline pipeline = deployment.start()) {
      sendAndAwait(pipeline);
      for (int i = 0; i < (Tally.isLong() ? 20 : 2); i++) {
        faulty.kafka().cutAfter(random.nextInt(200_000), Direction.TO_CLIENT);
        send();
        awaitAll(pipeline);
        Tally.done("Kafka's connection cut in the middle", 1);
      }
      faulty.kafka().refuse();
      pipeline.await(() -> pipeline.health().state() != State.RUNNING);
      assertThat(pipeline.health().reason()).contains("Kafka at 127.0.0.1");
      pause(AWAY);
      faulty.kafka().pass();
      Tally.done("Kafka refused connections", 1);
      send();
      awaitAll(pipeline);
      pipeline.await(() -> pipeline.health().state() == State.RUNNING);
    }
    assertExact();
  }

  /** Keeps the service away for this long, which is not a wait for an event. */
  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void sendAndAwait(RunningPipeline pipeline) {
    send();
    awaitAll(pipeline);
  }

  /** Sends events about few products, some of them broken. */
  private void send() {
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      int product = random.nextInt(12);
      ObjectNode about =
          Shop.product(
              "p" + product, "Product " + product, "One of a dozen", "Things", 5 + product);
      String type = random.nextInt(4) == 0 ? "purchase" : "view";
      events.add(Shop.event(type, "user-" + random.nextInt(30), about));
    }
    sent.addAll(events);
    List<ObjectNode> records = new ArrayList<>(events);
    records.add(Shop.event("refund", "user-0", null));
    broken++;
    deployment.send(records.toArray(ObjectNode[]::new));
  }

  private void awaitAll(RunningPipeline pipeline) {
    pipeline.await(
        () ->
            pipeline.totals().stored() >= sent.size()
                && pipeline.totals().deadLettered() >= broken);
  }

  private void assertExact() {
    Recomputation expected = new Recomputation(deployment.settings(), sent);
    long stored = deployment.stored().countEvents();
    int dead = deployment.deadLetters().size();
    Tally.counted(
        sent.size() + broken,
        stored,
        dead,
        0,
        Math.max(0, sent.size() + broken - stored - dead),
        Math.max(0, stored + dead - sent.size() - broken));
    assertThat(stored).as("events stored").isEqualTo(sent.size());
    assertThat(dead).as("dead letters").isEqualTo(broken);
    StoreAssertions.assertSums(deployment, expected);
    StoreAssertions.assertPairs(deployment, expected.pairs());
  }
}
