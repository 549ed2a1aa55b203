package io.vectorstream.generator;

import java.time.Instant;

/** The source of a run's records: the model of shoppers, or a file. */
public interface EventSource {

  /** {@link #ownDue()} of a source that leaves the times to the runner. */
  long RUNNER_DECIDES = -1;

  /**
   * Returns the next record, or null after the last one.
   *
   * @param due when the record is due, which is the time of the event
   */
  GeneratedRecord next(Instant due);

  /**
   * Returns when the next record is due by the source's own times, in nanoseconds since the start
   * of the run; or {@link #RUNNER_DECIDES}.
   */
  default long ownDue() {
    return RUNNER_DECIDES;
  }
}
