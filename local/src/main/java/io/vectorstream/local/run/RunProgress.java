package io.vectorstream.local.run;

import io.vectorstream.local.run.BatchLog.LastBatch;
import io.vectorstream.monitoring.PipelineTotals;
import java.time.Duration;
import java.util.Optional;

/**
 * A run at one moment.
 *
 * @param elapsed since the first record was sent
 * @param duration how long records are sent; empty when that continues until the user ends it
 * @param sent records sent
 * @param offered records sent per second, of late
 * @param handled records per second of the latest batch, over a trigger or its own duration, the
 *     longer
 * @param products points in the store after the latest batch
 * @param users points in the store after the latest batch
 */
record RunProgress(
    Duration elapsed,
    Optional<Duration> duration,
    long sent,
    double offered,
    double handled,
    PipelineTotals totals,
    long products,
    long users,
    Optional<LastBatch> last) {

  /** Returns the records sent that no batch has committed yet. */
  long waiting() {
    return Math.max(0, sent - totals.records());
  }
}
