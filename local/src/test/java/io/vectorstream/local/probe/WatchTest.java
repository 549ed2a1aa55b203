package io.vectorstream.local.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.reports.result.Searchable.Sightings;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchTest {
  private final Set<String> there = new HashSet<>();
  private boolean fails;

  private final Watch watch =
      new Watch(
          ids -> {
            if (fails) {
              throw new IllegalStateException("the store is away");
            }
            Set<String> found = new HashSet<>(ids);
            found.retainAll(there);
            return found;
          });

  private static long ago(long seconds) {
    return System.nanoTime() - TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void a_time_runs_from_when_it_was_due_until_it_is_there() {
    watch.expect("a", ago(10));
    watch.lookOnce();
    assertThat(watch.areAllSeen()).isFalse();

    there.add("a");
    watch.lookOnce();

    assertThat(watch.areAllSeen()).isTrue();
    Sightings seen = watch.finish(Duration.ofSeconds(3));
    assertThat(seen.count()).isEqualTo(1);
    assertThat(seen.unseen()).isZero();
    assertThat(seen.targetMs()).isEqualTo(3000);
    assertThat(seen.latencyMs().p50()).isBetween(10_000L, 60_000L);
    assertThat(seen.latencyCurve()).isNotEmpty();
  }

  @Test
  void what_is_never_there_counts_with_the_time_that_it_was_waited_for() {
    watch.expect("a", ago(10));
    watch.expect("b", ago(20));
    there.add("b");
    watch.lookOnce();

    Sightings seen = watch.finish(null);

    assertThat(seen.count()).isEqualTo(2);
    assertThat(seen.unseen()).isEqualTo(1);
    assertThat(seen.targetMs()).isNull();
    assertThat(seen.latencyMs().max()).isGreaterThanOrEqualTo(20_000);
  }

  @Test
  void a_look_that_fails_is_taken_again() {
    watch.expect("a", ago(1));
    there.add("a");
    fails = true;
    watch.lookOnce();
    assertThat(watch.areAllSeen()).isFalse();

    fails = false;
    watch.lookOnce();

    assertThat(watch.finish(null).unseen()).isZero();
  }

  @Test
  void nothing_to_look_for_asks_nobody() {
    fails = true;
    watch.lookOnce();

    assertThat(watch.finish(null).count()).isZero();
    assertThat(watch.finish(null).latencyCurve()).isEqualTo(List.of());
  }
}
