package io.vectorstream.stream;

import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.DeadLetters;
import io.vectorstream.store.BatchMark;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/** The dead letters of a batch: one a record. */
final class BatchLetters {

  private static final int AT_A_TIME = 20_000;

  private final JavaRDD<DeadLetter> letters;
  private final Map<String, Long> byReason;

  private BatchLetters(JavaRDD<DeadLetter> letters, Map<String, Long> byReason) {
    this.letters = letters;
    this.byReason = byReason;
  }

  /**
   * @param all dead letters of the batch's tasks
   * @param severalEvents whether a record may have several events, in different tasks
   */
  static BatchLetters of(
      JavaRDD<DeadLetter> all, List<BatchPart.Summary> summaries, boolean severalEvents) {
    Map<String, Long> byReason = new TreeMap<>();
    for (BatchPart.Summary summary : summaries) {
      summary.deadLettered().forEach((reason, count) -> byReason.merge(reason, count, Long::sum));
    }
    if (!severalEvents || byReason.isEmpty()) {
      return new BatchLetters(all, byReason);
    }
    JavaRDD<DeadLetter> one = all.groupBy(DeadLetter::place).values().map(DeadLetter::ofOneRecord);
    return new BatchLetters(one, new TreeMap<>(one.map(DeadLetter::reason).countByValue()));
  }

  /** Returns their number by the reason's code. */
  Map<String, Long> byReason() {
    return byReason;
  }

  /**
   * Copies them, in the order in which their records lie in Kafka; a bounded number is in memory at
   * a time. The copying often waits for Kafka, and runs beside the merges, unless there are so many
   * letters that Spark has to sort them.
   */
  SideWork copy(DeadLetters topic, BatchMark batch) {
    long count = byReason.values().stream().mapToLong(Long::longValue).sum();
    Runnable copying = () -> {};
    if (count > AT_A_TIME) {
      int slices = Math.toIntExact(1 + count / AT_A_TIME);
      topic.write(
          batch.number(),
          batch.plan(),
          letters.sortBy(DeadLetter::place, true, slices).toLocalIterator());
    } else if (count > 0) {
      copying =
          () ->
              topic.write(
                  batch.number(),
                  batch.plan(),
                  letters.collect().stream()
                      .sorted(Comparator.comparing(DeadLetter::place))
                      .iterator());
    }
    return SideWork.begin(
        "dead-letters",
        count > 0 ? BatchStep.aside(letters.context(), "dead letters", copying) : copying);
  }
}
