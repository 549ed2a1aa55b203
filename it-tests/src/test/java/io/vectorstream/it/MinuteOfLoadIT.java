package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.PipelineRun;
import io.vectorstream.local.run.ProgressDisplay;
import io.vectorstream.local.run.Rate;
import io.vectorstream.local.run.RunPlan;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A little over 1,000 events a second for a minute, broken, repeated and late ones among them. */
@ExtendWith(SharedServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone
@Nightly
class MinuteOfLoadIT {
  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final double OFFERED = 1020;
  private static final double ASKED = 1000;

  private Deployment deployment;
  private RunSummary summary;

  @BeforeAll
  void run_for_a_minute(Services services, @TempDir Path folder)
      throws IOException, InterruptedException {
    deployment = new Deployment(services, folder, "stream.trigger=10s");
    ShopperSettings shoppers =
        ShopperSettings.defaults()
            .withMalformedShare(0.002)
            .withDuplicateShare(0.005)
            .withLateShare(0.002);
    Load load =
        new Load(
            Catalog.generate(2000, 1),
            shoppers,
            RecordShape.PLAIN,
            20_240_115,
            new Rate(OFFERED),
            MINUTE,
            Duration.ZERO,
            ASKED,
            EventFormat.JSON);
    summary =
        PipelineRun.execute(
            new RunPlan(deployment.settings(), load, services.kind()), ProgressDisplay.NONE);
    Path target = Files.createDirectories(ModuleFolder.path().resolve("target"));
    Files.writeString(
        target.resolve("run-summary-" + Services.name(services.kind()) + ".json"),
        summary.toJson() + System.lineSeparator());
  }

  @AfterAll
  void remove_everything() {
    if (deployment != null) {
      deployment.close();
    }
  }

  @Test
  void a_thousand_events_a_second_are_sustained() {
    assertThat(summary.events().sent()).isGreaterThanOrEqualTo((long) ASKED * MINUTE.toSeconds());
    // A slow machine may start for most of the minute: what it does after that is asked.
    assertThat(target("throughput").isMissed()).as("%s", target("throughput")).isFalse();
  }

  @Test
  void of_a_hundred_events_ninety_nine_are_stored_within_thirty_seconds() {
    assertThat(summary.latencyMs().p99()).isPositive();
    assertThat(target("latency p99").isMissed()).as("%s", target("latency p99")).isFalse();
  }

  @Test
  void what_was_sent_is_stored_or_dead_lettered_or_a_duplicate() {
    RunSummary.Events events = summary.events();
    assertThat(events.lost()).isZero();
    assertThat(events.sent())
        .isEqualTo(events.stored() + events.deadLettered() + events.duplicates());
    assertThat(events.deadLettered()).isPositive();
    assertThat(events.duplicates()).isPositive();
    assertThat(deployment.stored().countEvents()).isEqualTo(events.stored());
    assertThat(deployment.deadLetters()).hasSize(Math.toIntExact(events.deadLettered()));
    assertThat(target("duplicates").met()).as("%s", target("duplicates")).isTrue();
    assertThat(target("error rate").met()).as("%s", target("error rate")).isTrue();
  }

  private Target target(String name) {
    return summary.targets().stream()
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void every_stored_event_counts_once_for_its_user() {
    long counted =
        deployment.stored().users().values().stream()
            .flatMap(user -> user.counts().values().stream())
            .mapToLong(Long::longValue)
            .sum();
    assertThat(counted).isEqualTo(summary.events().stored());
  }
}
