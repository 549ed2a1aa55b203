package io.vectorstream.monitoring;

import static io.vectorstream.monitoring.BatchReports.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchHistoryTest {

  private static final Instant START = Instant.parse("2024-01-15T10:00:00Z");

  private final BatchHistory history = new BatchHistory(START);

  @Test
  void the_rate_is_that_of_the_last_minute() {
    history.add(batch(0, START, Map.of(), 5, 5, 5));
    history.add(batch(1, START.plusSeconds(70), Map.of("not_json", 2L), 10, 20));

    Instant now = START.plusSeconds(100);
    assertThat(history.throughput(now)).isCloseTo(4 / 60.0, within(1e-9));
    assertThat(history.latencyMs(now).getTotalCount()).isEqualTo(2);
    assertThat(history.latencyMs(now).getMaxValue()).isEqualTo(20);
  }

  @Test
  void in_the_first_minute_it_is_that_since_the_start() {
    history.add(batch(0, START, Map.of(), 5, 5, 5));

    assertThat(history.throughput(START.plusSeconds(2))).isCloseTo(1.5, within(1e-9));
    assertThat(history.throughput(START)).isZero();
  }

  @Test
  void sums_go_on_when_old_batches_are_forgotten() {
    for (int i = 0; i < BatchHistory.MOST + 10; i++) {
      history.add(batch(i, START.plusSeconds(i), Map.of("not_json", 1L), 5));
    }

    assertThat(history.last()).hasSize(BatchHistory.MOST);
    assertThat(history.last().get(0).id()).isEqualTo(10);
    long all = BatchHistory.MOST + 10;
    assertThat(history.totals()).isEqualTo(new PipelineTotals(2 * all, all, 0, all));
    assertThat(history.deadLetters()).containsExactly(Map.entry("not_json", all));
  }
}
