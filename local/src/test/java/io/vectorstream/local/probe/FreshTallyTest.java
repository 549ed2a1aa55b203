package io.vectorstream.local.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.reports.result.RunSummary.Fresh;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreshTallyTest {
  private final long now = System.nanoTime();
  private final FreshTally tally = new FreshTally(now - TimeUnit.SECONDS.toNanos(60));

  private long ago(long seconds) {
    return now - TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void requests_that_fail_are_counted_and_have_no_time() {
    tally.request(ago(2), true);
    for (int i = 0; i < 99; i++) {
      tally.request(ago(0), false);
    }

    Fresh fresh = tally.fresh(null, 10);

    assertThat(fresh.failedRequests()).isEqualTo(99);
    assertThat(fresh.requestMs().p50()).isGreaterThanOrEqualTo(1990);
    assertThat(fresh.requestsPerSecond()).isEqualTo(0.1);
  }

  @Test
  void a_click_that_kafka_refuses_at_once_counts_with_the_patience() {
    tally.clickSeen(ago(1));
    tally.clickUnseen(ago(0));
    tally.clickUnseen(ago(20));

    Fresh fresh = tally.fresh(Duration.ofMillis(300), 10);

    assertThat(fresh.clicks()).isEqualTo(3);
    assertThat(fresh.unseen()).isEqualTo(2);
    assertThat(fresh.targetMs()).isEqualTo(300);
    assertThat(fresh.latencyMs().p50()).isBetween(4990L, 15_000L);
    assertThat(fresh.latencyMs().max()).isGreaterThanOrEqualTo(19_900);
  }

  @Test
  void the_warm_up_is_left_out() {
    tally.clickSeen(ago(61));
    tally.clickUnseen(ago(61));
    tally.request(ago(61), true);
    tally.request(ago(61), false);

    Fresh fresh = tally.fresh(null, 10);

    assertThat(fresh.clicks()).isZero();
    assertThat(fresh.unseen()).isZero();
    assertThat(fresh.requestsPerSecond()).isZero();
    assertThat(fresh.failedRequests()).isZero();
  }
}
