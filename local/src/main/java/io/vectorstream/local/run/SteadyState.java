package io.vectorstream.local.run;

import com.google.common.collect.Comparators;
import io.vectorstream.reports.result.RunSummary.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The begin of a run's steady state, found batch by batch.
 *
 * <p>A run starts cold: classes are loaded, code is compiled, a new catalogue is embedded. So its
 * first batches take long, and what came meanwhile makes the next ones long. A batch has fallen
 * behind if it took longer than a trigger, and longer than the time since the batch before it
 * started, in which its records came. The first batch after the last one that fell behind works off
 * what waited; when it is committed, the state is steady. Only batches that start within {@link
 * #COLD} of the first record can be cold: one that falls behind later is a fault of the steady
 * state, and stays in it.
 */
final class SteadyState {
  /** The longest time that a run may be cold. */
  static final Duration COLD = Duration.ofSeconds(60);

  /** The time by which a batch may be longer, because no two are alike. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final Duration trigger;
  private final Instant startedAt;
  private final Instant measuredFrom;
  private Instant previous;
  private Instant reached;
  private Instant since;

  /**
   * @param startedAt when the first record was due
   * @param warmUp from then on; what comes in it is not measured
   */
  SteadyState(Duration trigger, Instant startedAt, Duration warmUp) {
    this.trigger = trigger;
    this.startedAt = startedAt;
    this.measuredFrom = startedAt.plus(warmUp);
    this.previous = startedAt;
  }

  /**
   * Takes the next batch, and returns whether the latencies of its events are of the steady state.
   * If not, those of earlier batches are not, either.
   *
   * @param batch that had records
   */
  boolean add(Batch batch) {
    Duration came = Duration.between(previous, batch.startedAt());
    Duration inTime = Comparators.max(trigger, came).plus(SLACK);
    boolean isBehind = batch.durationMs() > inTime.toMillis();
    previous = batch.startedAt();
    if (isBehind && batch.startedAt().isBefore(startedAt.plus(COLD))) {
      reached = null;
      since = null;
      return false;
    }
    boolean worksOffWhatWaited = reached == null;
    if (worksOffWhatWaited) {
      reached = BatchLog.commit(batch);
    }
    if (batch.startedAt().isBefore(measuredFrom)) {
      return false;
    }
    since = since == null ? batch.startedAt() : since;
    return !worksOffWhatWaited;
  }

  /** Returns when the steady state began; empty if it has not. */
  Optional<Instant> reached() {
    return Optional.ofNullable(reached);
  }

  /**
   * Returns the start of the batch from which on the rate is measured; empty if there is none. The
   * rate leaves out the records of that batch, as they came before it.
   */
  Optional<Instant> measuredSince() {
    return Optional.ofNullable(since);
  }
}
