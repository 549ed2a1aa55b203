package io.vectorstream.stream;

import io.vectorstream.event.DeadLetter;
import io.vectorstream.merge.MinuteDelta;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.UserDelta;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The result of one task for its share of a micro-batch: its events are stored, the other steps are
 * still to be done. A task with many dead letters returns several parts: all but the last contain
 * only dead letters.
 *
 * @param summary null in all but the last
 * @param products one delta a product
 * @param users one delta a user
 */
record BatchPart(
    Summary summary,
    List<DeadLetter> deadLetters,
    List<ProductDelta> products,
    List<UserDelta> users)
    implements Serializable {

  static BatchPart of(List<DeadLetter> deadLetters) {
    return new BatchPart(null, deadLetters, List.of(), List.of());
  }

  /**
   * @param startedAtMillis when the task began, that is, when reading and parsing were done
   * @param records records that this task saw first; one with several events counts in one task
   * @param skipped records that a mapping leaves out on purpose
   * @param ofForgottenUsers events stored without their user, who is forgotten
   * @param deadLettered its dead letters, by the reason's code
   * @param texts different texts of products that the task saw
   * @param minutes one delta a minute of event time
   * @param latencyMs from the time at which each event counts to the store's acknowledgement
   * @param lateMs of these, those of events that came to Kafka long after their own time
   * @param firstStoredAtMillis when the store acknowledged the first of its events; null for none
   */
  record Summary(
      long startedAtMillis,
      long records,
      long stored,
      long duplicates,
      long skipped,
      long ofForgottenUsers,
      Map<String, Long> deadLettered,
      long texts,
      List<MinuteDelta> minutes,
      Histogram latencyMs,
      Histogram lateMs,
      Long firstStoredAtMillis)
      implements Serializable {}
}
