package io.vectorstream.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** The last batches of this process, and its sums. */
public final class BatchHistory {

  /** The number of batches that are kept: 20 minutes of them, at one in 10 seconds. */
  static final int MOST = 120;

  /** The period of present rates and percentiles. */
  private static final Duration JUST_NOW = Duration.ofMinutes(1);

  private final Instant startedAt;
  private final Deque<BatchReport> last = new ArrayDeque<>();
  private final Map<String, Long> deadLetters = new TreeMap<>();
  private long skipped;
  private PipelineTotals totals = PipelineTotals.NONE;

  /**
   * @param startedAt when the process began to take in events
   */
  public BatchHistory(Instant startedAt) {
    this.startedAt = startedAt;
  }

  public synchronized void add(BatchReport batch) {
    totals = totals.plus(batch);
    skipped += batch.skipped();
    batch.deadLetters().forEach((reason, count) -> deadLetters.merge(reason, count, Long::sum));
    last.addLast(batch);
    if (last.size() > MOST) {
      last.removeFirst();
    }
  }

  public synchronized PipelineTotals totals() {
    return totals;
  }

  /** Returns the number of records that a mapping has left out on purpose. */
  public synchronized long skipped() {
    return skipped;
  }

  /** Returns counts by the reason's code; a reason without dead letters is not in the map. */
  public synchronized Map<String, Long> deadLetters() {
    return Map.copyOf(deadLetters);
  }

  /** Returns the last {@value #MOST} ones, the latest last. */
  public synchronized List<BatchReport> last() {
    return List.copyOf(last);
  }

  /** Returns the records a second, over the batches that ended within the last minute. */
  public double throughput(Instant now) {
    long records = justNow(now).stream().mapToLong(BatchReport::records).sum();
    Duration since = Duration.between(startedAt, now);
    Duration over = since.compareTo(JUST_NOW) < 0 ? since : JUST_NOW;
    return over.toMillis() <= 0 ? 0 : records * 1000.0 / over.toMillis();
  }

  /** Returns the event latencies of batches that ended within the last minute, in milliseconds. */
  public Histogram latencyMs(Instant now) {
    Histogram sum = new Histogram(3);
    justNow(now).forEach(batch -> sum.add(batch.latencyMs()));
    return sum;
  }

  private List<BatchReport> justNow(Instant now) {
    Instant from = now.minus(JUST_NOW);
    return last().stream().filter(batch -> batch.endedAt().isAfter(from)).toList();
  }
}
