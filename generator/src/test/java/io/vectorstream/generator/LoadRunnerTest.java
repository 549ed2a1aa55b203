package io.vectorstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class LoadRunnerTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long MILLI = 1_000_000;

  /** Time passes only when the runner sleeps or the sink takes its time. */
  private static final class FakeTicker implements Ticker {
    long nanos;

    @Override
    public long nanoTime() {
      return 42 + nanos;
    }

    @Override
    public Instant now() {
      return START.plusNanos(nanos);
    }

    @Override
    public void sleep(long wanted) {
      assertThat(wanted).isBetween(1L, 10 * MILLI);
      // Sleeping takes a little longer than asked, as it does in real life.
      nanos += wanted + 57_000;
    }
  }

  private final FakeTicker ticker = new FakeTicker();
  private final List<Long> dueAt = new ArrayList<>();
  private final List<Long> sentAt = new ArrayList<>();
  private int flushes;
  private long sendTakesNanos;

  private final EventSource source =
      due -> {
        dueAt.add(Duration.between(START, due).toNanos());
        return new GeneratedRecord(RecordKind.EVENT, "u", new byte[0]);
      };

  private final EventSink sink =
      new EventSink() {
        @Override
        public void send(GeneratedRecord record) {
          sentAt.add(ticker.nanos);
          ticker.nanos += sendTakesNanos;
        }

        @Override
        public void flush() {
          flushes++;
        }

        @Override
        public void close() {}
      };

  private LoadRunner runner(DoubleSupplier rate, long count, Duration duration) {
    return new LoadRunner(source, sink, rate, count, duration, ticker);
  }

  @Test
  void a_minute_at_a_rate_sends_exactly_so_many_and_flushes() {
    LoadReport report = runner(() -> 1000, Long.MAX_VALUE, Duration.ofSeconds(60)).run();

    assertThat(report.sent()).isEqualTo(60_000);
    assertThat(report.elapsed()).isBetween(Duration.ofSeconds(60), Duration.ofMillis(60_100));
    assertThat(report.eventsPerSecond()).isCloseTo(1000, within(2.0));
    assertThat(flushes).isEqualTo(1);
  }

  @Test
  void events_are_spread_evenly_with_no_burst_in_any_few_milliseconds() {
    runner(() -> 5000, Long.MAX_VALUE, Duration.ofSeconds(3)).run();

    int[] perFiveMillis = new int[600];
    sentAt.forEach(at -> perFiveMillis[(int) Math.min(599, at / (5 * MILLI))]++);
    assertThat(Arrays.stream(perFiveMillis).boxed())
        .allSatisfy(n -> assertThat(n).isBetween(15, 35));
  }

  @Test
  void the_time_of_an_event_is_when_it_was_due() {
    runner(() -> 300, 900, null).run();

    for (int i = 0; i < 900; i++) {
      assertThat(dueAt.get(i)).isCloseTo((long) (i * 1e9 / 300), within(2L));
      assertThat(sentAt.get(i) - dueAt.get(i)).isBetween(-1L, 11 * MILLI);
    }
  }

  @Test
  void a_slow_sink_delays_events_and_their_due_times_are_kept() {
    sendTakesNanos = 2 * MILLI;
    runner(() -> 1000, 1000, null).run();

    assertThat(dueAt.get(999)).isCloseTo(999 * MILLI, within(2L));
    assertThat(sentAt.get(999)).isCloseTo(1998 * MILLI, within(20 * MILLI));
  }

  /** A sink that stalls hides nothing: a latency from the timestamps on has the whole stall. */
  @Test
  void a_stall_of_the_sink_is_in_the_latency_of_every_event_that_was_due_meanwhile() {
    long stall = 3000 * MILLI;
    EventSink stalling =
        new EventSink() {
          @Override
          public void send(GeneratedRecord record) {
            if (sentAt.size() == 5000) {
              ticker.nanos += stall;
            }
            sentAt.add(ticker.nanos);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    LoadRunner runner =
        new LoadRunner(
            source, stalling, () -> 1000, Long.MAX_VALUE, Duration.ofSeconds(20), ticker);
    assertThat(runner.run().sent()).isEqualTo(20_000);

    long[] latency = new long[sentAt.size()];
    Arrays.setAll(latency, i -> sentAt.get(i) - dueAt.get(i));
    assertThat(Arrays.stream(latency).max().orElseThrow()).isBetween(stall, stall + 20 * MILLI);
    // 3,000 events were due while the sink stalled, evenly; a third of them waited for 2 s and
    // more.
    assertThat(Arrays.stream(latency).filter(waited -> waited > 2000 * MILLI).count())
        .isBetween(980L, 1020L);
    assertThat(Arrays.stream(latency).filter(waited -> waited > 20 * MILLI).count())
        .isBetween(2950L, 3050L);
  }

  @Test
  void with_a_slow_sink_the_run_still_ends_soon_after_its_duration() {
    sendTakesNanos = 2 * MILLI;
    LoadReport report = runner(() -> 1000, Long.MAX_VALUE, Duration.ofSeconds(10)).run();

    assertThat(report.elapsed()).isBetween(Duration.ofSeconds(10), Duration.ofMillis(10_300));
    assertThat(report.sent()).isCloseTo(5050, within(100L));
  }

  @Test
  void a_new_rate_counts_from_the_moment_it_changes() {
    runner(() -> ticker.nanos < 1000 * MILLI ? 1000 : 100, Long.MAX_VALUE, Duration.ofSeconds(3))
        .run();

    assertThat(dueAt.stream().filter(d -> d < 1000 * MILLI).count()).isCloseTo(1000, within(2L));
    assertThat(dueAt.stream().filter(d -> d >= 1000 * MILLI).count()).isCloseTo(200, within(2L));
  }

  @Test
  void a_rate_that_changes_all_the_time_neither_starves_nor_floods() {
    long[] reads = {0};
    runner(() -> 50 + ++reads[0] % 2, Long.MAX_VALUE, Duration.ofSeconds(10)).run();

    assertThat(dueAt).hasSizeBetween(495, 515);
  }

  @Test
  void what_was_held_up_is_given_up_when_the_rate_changes() {
    sendTakesNanos = 5 * MILLI;
    runner(() -> ticker.nanos < 2000 * MILLI ? 1000 : 10, Long.MAX_VALUE, Duration.ofSeconds(5))
        .run();

    assertThat(sentAt.stream().filter(at -> at > 2400 * MILLI).count()).isBetween(24L, 28L);
  }

  @Test
  void a_rate_too_slow_for_the_duration_still_waits_for_a_faster_one() {
    runner(() -> ticker.nanos < 1000 * MILLI ? 0.01 : 100, Long.MAX_VALUE, Duration.ofSeconds(3))
        .run();

    assertThat(sentAt).hasSizeBetween(198, 203);
  }

  @Test
  void a_rate_of_zero_pauses() {
    runner(
            () -> ticker.nanos > 1000 * MILLI && ticker.nanos < 4000 * MILLI ? 0 : 100,
            Long.MAX_VALUE,
            Duration.ofSeconds(5))
        .run();

    assertThat(sentAt).hasSizeBetween(198, 203);
    assertThat(sentAt).noneMatch(at -> at > 1020 * MILLI && at < 3990 * MILLI);
  }

  @Test
  void as_fast_as_it_goes_means_that_the_sink_decides() {
    sendTakesNanos = 10_000;
    LoadReport report =
        runner(() -> Double.POSITIVE_INFINITY, Long.MAX_VALUE, Duration.ofSeconds(1)).run();

    assertThat(report.sent()).isCloseTo(100_000, within(100L));
    assertThat(dueAt.get(50_000)).isCloseTo(500 * MILLI, within(2 * MILLI));
  }

  @Test
  void a_rate_below_zero_is_refused() {
    assertThatThrownBy(() -> runner(() -> -1, 10, null).run())
        .hasMessageContaining("the rate must be 0 or more");
  }

  @Test
  void stop_ends_the_run_and_flushes() {
    LoadRunner[] runner = new LoadRunner[1];
    runner[0] =
        runner(
            () -> {
              if (ticker.nanos > 1000 * MILLI) {
                runner[0].stop();
              }
              return 1000;
            },
            Long.MAX_VALUE,
            null);

    assertThat(runner[0].run().sent()).isCloseTo(1000, within(5L));
    assertThat(flushes).isEqualTo(1);
    assertThatThrownBy(() -> runner[0].run()).hasMessageContaining("runs once");
  }

  @Test
  void the_counts_add_up() {
    ShopperSettings settings =
        ShopperSettings.defaults()
            .withMalformedShare(0.1)
            .withDuplicateShare(0.1)
            .withLateShare(0.1);
    List<GeneratedRecord> sent = new ArrayList<>();
    EventStream stream = new EventStream(Catalog.generate(100, 1), settings, 1);
    LoadReport report =
        new LoadRunner(
                due -> {
                  sent.add(stream.next(due));
                  return sent.get(sent.size() - 1);
                },
                sink,
                () -> Double.POSITIVE_INFINITY,
                5000,
                null,
                ticker)
            .run();

    assertThat(report.sent()).isEqualTo(5000).isEqualTo(sentAt.size());
    assertThat(report.valid() + report.malformed() + report.duplicates()).isEqualTo(5000);
    assertThat(report.late()).isEqualTo(count(sent, RecordKind.LATE)).isPositive();
    assertThat(report.valid())
        .isEqualTo(count(sent, RecordKind.LATE) + count(sent, RecordKind.EVENT));
    assertThat(report.malformed()).isEqualTo(count(sent, RecordKind.MALFORMED)).isPositive();
    assertThat(report.duplicates()).isEqualTo(count(sent, RecordKind.DUPLICATE)).isPositive();
  }

  private static long count(List<GeneratedRecord> records, RecordKind kind) {
    return records.stream().filter(r -> r.kind() == kind).count();
  }
}
