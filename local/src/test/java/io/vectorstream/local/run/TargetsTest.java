package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.ColdStart;
import io.vectorstream.reports.result.RunSummary.Events;
import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.RunSummary.Phases;
import io.vectorstream.reports.result.RunSummary.ResourceSample;
import io.vectorstream.reports.result.RunSummary.Steady;
import io.vectorstream.reports.result.RunSummary.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TRIGGER = Duration.ofSeconds(10);
  private static final Instant LOAD_END = START.plusSeconds(60);
  private static final Steady NEVER_STEADY = new Steady(0, 0, null, 0, null);

  private static Load load(Rate rate, Duration warmUp, double leastRate) {
    return new Load(
        Catalog.generate(1, 1),
        ShopperSettings.defaults(),
        RecordShape.PLAIN,
        1,
        rate,
        Duration.ofSeconds(120),
        warmUp,
        leastRate,
        EventFormat.JSON);
  }

  private static Steady steady(int batches, double seconds, double sustained) {
    return new Steady(batches, seconds, sustained, 100, new Latency(1, 2, 3, 4));
  }

  @Test
  void throughput_is_that_of_the_steady_state() {
    Load load = load(new Rate(1020), Duration.ZERO, 1000);
    assertThat(Targets.throughput(load, 1020, steady(10, 100, 1000)))
        .isEqualTo(new Target("throughput", ">= 1,000 events/s", "1,000 events/s", true));
    assertThat(Targets.throughput(load, 1020, steady(10, 100, 999.9)).isMissed()).isTrue();
  }

  @Test
  void with_a_warm_up_the_target_names_it() {
    Load load = load(Rate.MAX, Duration.ofSeconds(60), 20_000);
    assertThat(Targets.throughput(load, 15_000, steady(6, 50, 21_000)))
        .isEqualTo(
            new Target("throughput", ">= 20,000 events/s after 60 s", "21,000 events/s", true));
    assertThat(Targets.throughput(load, 15_000, steady(6, 50, 19_000)).isMissed()).isTrue();
  }

  @Test
  void a_rate_between_two_batches_or_none_is_not_measured() {
    Load load = load(new Rate(1020), Duration.ZERO, 1000);
    assertThat(Targets.throughput(load, 1020, NEVER_STEADY))
        .isEqualTo(
            new Target(
                "throughput", ">= 1,000 events/s", "not measured: not steady in 120 s", null));
    assertThat(Targets.throughput(load, 1020, steady(2, 10, 1020)).actual())
        .isEqualTo("not measured: 2 of 3 steady batches in 120 s");
  }

  @Test
  void a_few_batches_do_not_tell_whether_a_rate_a_little_below_is_missed() {
    Load load = load(new Rate(1020), Duration.ZERO, 1000);
    assertThat(Targets.throughput(load, 1020, steady(4, 20, 980)))
        .extracting(Target::met, Target::actual)
        .containsExactly(null, "not measured: 980 events/s in 20.0 s is too close to tell");
    assertThat(Targets.throughput(load, 1020, steady(4, 20, 970)).isMissed()).isTrue();
    assertThat(Targets.throughput(load, 1020, steady(5, 20, 980)).isMissed()).isTrue();
  }

  @Test
  void a_rate_that_was_not_offered_is_missed_however_short_the_run() {
    Load load = load(new Rate(100), Duration.ZERO, 1000);
    assertThat(Targets.throughput(load, 99.8, NEVER_STEADY))
        .isEqualTo(new Target("throughput", ">= 1,000 events/s", "100 events/s offered", false));
  }

  @Test
  void a_known_rate_has_to_be_sustained_to_99_percent() {
    assertThat(Load.leastRate(new Rate(1000))).isEqualTo(990);
    assertThat(Load.leastRate(Rate.MAX)).isEqualTo(1000);
  }

  @Test
  void latency_has_to_be_below_30_seconds() {
    Load load = load(new Rate(1020), Duration.ZERO, 1000);
    assertThat(Targets.latency(load, p99(29_999)).isMet()).isTrue();
    assertThat(Targets.latency(load, p99(30_000)).isMissed()).isTrue();
  }

  private static Steady p99(long ms) {
    return new Steady(5, 50, 1000.0, 100, new Latency(1, 2, ms, 90_000));
  }

  @Test
  void without_a_steady_state_its_latency_is_not_measured() {
    Load load = load(new Rate(1020), Duration.ZERO, 1000);
    assertThat(Targets.latency(load, NEVER_STEADY))
        .isEqualTo(
            new Target("latency p99", "< 30.0 s", "not measured: not steady in 120 s", null));
  }

  @Test
  void a_start_has_a_minute_to_store_the_first_event_and_to_be_steady() {
    Duration sent = Duration.ofSeconds(120);
    assertThat(ColdTargets.firstStored(new ColdStart(1, 60_000L, null)).isMet()).isTrue();
    assertThat(ColdTargets.firstStored(new ColdStart(1, 60_001L, null)).isMissed()).isTrue();
    assertThat(ColdTargets.firstStored(new ColdStart(1, null, null)).isMissed()).isTrue();
    assertThat(ColdTargets.steady(new ColdStart(1, 1L, 60_000L), sent).isMet()).isTrue();
    assertThat(ColdTargets.steady(new ColdStart(1, 1L, 60_001L), sent).isMissed()).isTrue();
    assertThat(ColdTargets.steady(new ColdStart(1, 1L, null), sent).isMissed()).isTrue();
  }

  @Test
  void a_run_of_less_than_a_minute_does_not_tell_whether_it_would_have_been_steady() {
    assertThat(ColdTargets.steady(new ColdStart(1, 1L, null), Duration.ofSeconds(59)))
        .isEqualTo(
            new Target(
                "steady",
                "<= 60.0 s from the start",
                "not measured: events were sent for 59 s only",
                null));
  }

  @Test
  void a_record_more_or_less_than_was_sent_misses_the_target() {
    assertThat(Targets.lost(new Events(100, 90, 4, 6, 0)).met()).isTrue();
    assertThat(Targets.lost(new Events(100, 89, 4, 6, 1)).met()).isFalse();
    assertThat(Targets.lost(new Events(100, 91, 4, 6, -1)).met()).isFalse();
  }

  @Test
  void an_event_taken_for_a_copy_of_another_misses_the_target_though_nothing_seems_lost() {
    assertThat(Targets.duplicates(new Events(100, 90, 4, 6, 0), 6).met()).isTrue();
    assertThat(Targets.duplicates(new Events(100, 89, 4, 7, 0), 6).met()).isFalse();
  }

  @Test
  void records_broken_on_purpose_are_no_errors_and_others_are() {
    assertThat(Targets.errorRate(new Events(1000, 950, 50, 0, 0), 50))
        .isEqualTo(new Target("error rate", "< 1.00%", "0.00%", true));
    assertThat(Targets.errorRate(new Events(1000, 991, 9, 0, 0), 0).met()).isTrue();
    assertThat(Targets.errorRate(new Events(1000, 990, 10, 0, 0), 0).met()).isFalse();
    assertThat(Targets.errorRate(new Events(1000, 990, 0, 0, 10), 0).met()).isFalse();
    assertThat(Targets.errorRate(new Events(0, 0, 0, 0, 0), 0).met()).isFalse();
  }

  @Test
  void memory_has_to_stay_within_four_gigabytes() {
    assertThat(Targets.memory(4096).met()).isTrue();
    assertThat(Targets.memory(4097).met()).isFalse();
  }

  /** Batches by when they start and how long they take, in seconds. */
  private static Target interval(double... startsAndDurations) {
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < startsAndDurations.length; i += 2) {
      batches.add(
          new Batch(
              i / 2,
              START.plusMillis(Math.round(startsAndDurations[i] * 1000)),
              Math.round(startsAndDurations[i + 1] * 1000),
              10,
              new Phases(0, 0, 0)));
    }
    return Targets.batchInterval(batches, TRIGGER, LOAD_END, Duration.ofSeconds(60));
  }

  @Test
  void batches_have_to_start_one_trigger_apart() {
    assertThat(interval(7, 3, 10, 2, 20, 2, 30.01, 2, 40, 2).met()).isTrue();
    assertThat(interval(7, 3, 10, 2, 20, 2, 31.1, 2).met()).isFalse();
    assertThat(interval(7, 3, 10, 2, 20, 2, 28.9, 2).met()).isFalse();
  }

  @Test
  void the_times_after_a_batch_that_was_not_done_in_time_do_not_count() {
    // The second batch is followed at once; it takes two more until one is done before a trigger.
    assertThat(interval(0, 2, 10, 16, 26, 8, 34, 2, 40, 2, 50, 2))
        .isEqualTo(new Target("batch interval", "10.0 s +- 10%", "10.0 s to 10.0 s", true));
    assertThat(interval(0, 2, 10, 16, 26, 8, 34, 2, 40, 2, 52, 2).met()).isFalse();
  }

  @Test
  void the_times_after_the_load_do_not_count() {
    assertThat(interval(0, 2, 10, 2, 20, 2, 90, 2).met()).isTrue();
  }

  @Test
  void without_a_batch_that_was_done_in_time_nothing_is_shown_to_be_right() {
    assertThat(interval(0, 2).met()).isFalse();
    assertThat(interval(0, 12, 12, 12, 24, 12, 36, 12).met()).isFalse();
  }

  @Test
  void a_short_run_that_was_never_steady_has_no_time_between_batches() {
    assertThat(Targets.batchInterval(List.of(), TRIGGER, LOAD_END, Duration.ofSeconds(59)).met())
        .isNull();
    assertThat(
            Targets.batchInterval(List.of(), TRIGGER, LOAD_END, Duration.ofSeconds(60)).isMissed())
        .isTrue();
  }

  private static List<Target> missed(List<ResourceSample> samples) {
    return Targets.flat(samples).stream().filter(target -> !target.met()).toList();
  }

  @Test
  void a_run_that_holds_at_its_end_what_it_held_when_warm_is_flat() {
    assertThat(Targets.flat(ResourceSamples.steady()))
        .containsExactly(
            new Target("flat threads", "<= +5", "+0", true),
            new Target("flat file handles", "<= +20", "+0", true),
            new Target("flat heap", "<= +20% or +100 MB", "+0 MB", true),
            new Target("flat checkpoint", "<= +1,024 kB, +100 files", "+0 kB, +0 files", true));
    assertThat(missed(ResourceSamples.endingWith(250, 105, 420, 160, 1144))).isEmpty();
    assertThat(missed(ResourceSamples.endingWith(1, 1, 1, 1, 1))).isEmpty();
  }

  @Test
  void each_resource_that_grows_misses_its_own_target() {
    assertThat(missed(ResourceSamples.endingWith(150, 106, 400, 60, 120)))
        .containsExactly(new Target("flat threads", "<= +5", "+6", false));
    assertThat(missed(ResourceSamples.endingWith(150, 100, 421, 60, 120)))
        .containsExactly(new Target("flat file handles", "<= +20", "+21", false));
    assertThat(missed(ResourceSamples.endingWith(251, 100, 400, 60, 120)))
        .containsExactly(new Target("flat heap", "<= +20% or +100 MB", "+101 MB", false));
    assertThat(missed(ResourceSamples.endingWith(150, 100, 400, 161, 120)))
        .extracting(Target::actual)
        .containsExactly("+0 kB, +101 files");
    assertThat(missed(ResourceSamples.endingWith(150, 100, 400, 60, 1145)))
        .extracting(Target::actual)
        .containsExactly("+1,025 kB, +0 files");
  }

  @Test
  void a_large_heap_may_grow_by_a_fifth() {
    assertThat(missed(heap(1000, 1200))).isEmpty();
    assertThat(missed(heap(1000, 1201))).extracting(Target::name).containsExactly("flat heap");
  }

  private static List<ResourceSample> heap(long warmMb, long endMb) {
    return ResourceSamples.ofQuarterHour(
        second ->
            new ResourceSample(second, 0, second <= 720 ? warmMb : endMb, 100L, 400L, 60L, 120L));
  }

  @Test
  void what_the_machine_does_not_tell_is_not_asked() {
    assertThat(
            Targets.flat(
                ResourceSamples.ofQuarterHour(
                    second -> new ResourceSample(second, 1, 1, 1L, null, null, null))))
        .extracting(Target::name)
        .containsExactly("flat threads", "flat heap");
  }

  @Test
  void without_samples_nothing_is_shown_to_be_flat() {
    assertThat(Targets.flat(List.of()))
        .isNotEmpty()
        .allSatisfy(
            target -> {
              assertThat(target.actual()).isEqualTo("not measured");
              assertThat(target.met()).isFalse();
            });
  }
}
