package io.vectorstream.stream;

import io.vectorstream.store.BatchMark;
import io.vectorstream.store.BegunBatch;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.BegunBatch.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The division of a Spark batch into parts. Spark reads a batch that it has planned again until it
 * is done, however large it is: it may contain all records of new partitions, or be planned by a
 * process that had more memory. A part that counts is repeated unchanged. A part that only stores
 * its events may be made smaller, because it has changed no sum.
 */
final class PartPlan {

  private final BatchMark whole;
  private final String topicId;
  private final List<OffsetRange> plan;

  /**
   * @param whole the batch's name
   * @param plan the offsets that Spark reads for it
   */
  PartPlan(BatchMark whole, String topicId, List<OffsetRange> plan) {
    this.whole = whole;
    this.topicId = topicId;
    this.plan = plan;
  }

  /**
   * Returns the part to do first.
   *
   * @param last the batch that was begun last on these collections; null for none
   * @param limit records in a part
   */
  BegunBatch first(BegunBatch last, long limit) {
    if (last == null || !last.mark().whole().equals(whole)) {
      return part(whole, plan, limit, 1);
    }
    if (last.stage() == Stage.COUNTING) {
      return last;
    }
    long smaller = last.tries() < 2 ? limit : Math.max(BatchPace.SMALLEST, last.size() / 2);
    return part(
        last.mark(), from(last, OffsetRange::from), Math.min(limit, smaller), last.tries() + 1);
  }

  /** Returns all of it as one part, which a version without parts may have begun to count. */
  BegunBatch undivided() {
    return new BegunBatch(whole, Stage.COUNTING, 1, topicId, plan);
  }

  /** Returns the part that follows one that is done; null if none does. */
  BegunBatch next(BegunBatch done, long limit) {
    List<OffsetRange> left = from(done, OffsetRange::until);
    return size(left) == 0 ? null : part(whole.part(done.mark().part() + 1), left, limit, 1);
  }

  /** Returns whether a part reads all that Spark has planned for the batch. */
  boolean isWhole(BegunBatch part) {
    return part.ranges().equals(plan);
  }

  /**
   * @param mark the name of this part; a whole batch that has to be divided becomes its first part,
   *     and a first part keeps its name, because events are stored under it
   */
  private BegunBatch part(BatchMark mark, List<OffsetRange> left, long limit, int tries) {
    if (size(left) <= limit) {
      return new BegunBatch(mark, Stage.STORING, tries, topicId, left);
    }
    Map<OffsetRange, Long> waiting =
        left.stream().collect(Collectors.toMap(Function.identity(), OffsetRange::size));
    Map<OffsetRange, Long> shares = FairShare.of(waiting, limit);
    List<OffsetRange> ranges =
        left.stream().map(range -> range.until(range.from() + shares.get(range))).toList();
    return new BegunBatch(whole.part(mark.part()), Stage.STORING, tries, topicId, ranges);
  }

  /** Returns the rest of the plan behind a place of a part. */
  private List<OffsetRange> from(BegunBatch part, Function<OffsetRange, Long> place) {
    Map<Integer, Long> begin = new HashMap<>();
    part.ranges().forEach(range -> begin.put(range.partition(), place.apply(range)));
    return plan.stream()
        .map(
            range ->
                new OffsetRange(
                    range.topic(),
                    range.partition(),
                    begin.getOrDefault(range.partition(), range.from()),
                    range.until(),
                    range.end()))
        .toList();
  }

  private static long size(List<OffsetRange> ranges) {
    return ranges.stream().mapToLong(OffsetRange::size).sum();
  }
}
