package io.vectorstream.local.run;

import com.google.common.collect.Comparators;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The rate that the pipeline sustained while the load was on, in records per second.
 *
 * <p>Every batch has a slot: from its start to when the next batch can start, which is one trigger
 * later or, for a batch that took longer, its commit. Take the first batch, and all batches after
 * it that started before the load ended. The records of these later batches arrived between the
 * start of the first batch and the start of the last one, and they were handled in the slots of the
 * later batches. The rate is these records over the <em>longer</em> of the two times. So it is
 * never above the rate at which events came, even if the pipeline fell behind, and never above the
 * rate at which they were handled, and the time of a slow batch counts. Spark starts batches at
 * multiples of the trigger, so one that was late itself is followed sooner; the second batch's slot
 * begins when the first one's ends.
 *
 * <p>Two parts are left out that belong to the ends of any run and not to the pipeline: the records
 * of the first batch, which waited for a part of a trigger, and the records that are drained when
 * nothing is sent any more. {@link RunSummary.Throughput#withDrain} includes all of them.
 */
final class SustainedRate {

  private SustainedRate() {}

  /**
   * @param batches in the order of their commits
   * @param from batches that started before this are left out
   * @param loadEnd when the last record was sent
   * @return 0 when fewer than two batches started in that time
   */
  static double between(List<Batch> batches, Duration trigger, Instant from, Instant loadEnd) {
    List<Batch> underLoad =
        batches.stream()
            .filter(batch -> !batch.startedAt().isBefore(from))
            .filter(batch -> !batch.startedAt().isAfter(loadEnd))
            .toList();
    if (underLoad.size() < 2) {
      return 0;
    }
    Batch first = underLoad.get(0);
    Batch last = underLoad.get(underLoad.size() - 1);
    long records = underLoad.stream().skip(1).mapToLong(Batch::events).sum();
    Duration arriving = Duration.between(first.startedAt(), last.startedAt());
    Duration handling = Duration.between(slotsBegin(underLoad, trigger), slotEnd(last, trigger));
    return records / seconds(Comparators.max(arriving, handling));
  }

  /**
   * Returns the start of the second batch's slot, or the end of the first one's if that is later.
   */
  private static Instant slotsBegin(List<Batch> underLoad, Duration trigger) {
    Instant first = slotEnd(underLoad.get(0), trigger);
    Instant second = underLoad.get(1).startedAt();
    return first.isAfter(second) ? first : second;
  }

  private static Instant slotEnd(Batch batch, Duration trigger) {
    return batch.startedAt().plus(Comparators.max(trigger, Duration.ofMillis(batch.durationMs())));
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
