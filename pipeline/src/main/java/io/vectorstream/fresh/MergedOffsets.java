package io.vectorstream.fresh;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.BegunBatch;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.BegunBatch.Stage;
import io.vectorstream.store.EventCollection.Origin;
import io.vectorstream.store.LedgerEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The records of the topic that the stored sums contain, as one entry of the ledger tells it. No
 * clock is asked:
 *
 * <ul>
 *   <li>Everything before the beginning of the batch that was begun last is in every sum.
 *   <li>That batch is in a sum as a whole if the sum carries its mark, and otherwise not at all.
 *   <li>Nothing behind it is in a sum, as long as the sum carries no mark of a later batch.
 * </ul>
 *
 * <p>The entry may be an earlier one than the sum: what it says holds until a mark turns up that it
 * cannot explain.
 *
 * @param entry of the ledger; null as long as no pipeline has started
 * @param topicId of the topic as it is now
 * @param floors the first offsets that are not in every sum, by partition; a partition that is
 *     missing has none that is
 */
record MergedOffsets(LedgerEntry entry, String topicId, Map<Integer, Long> floors) {

  /** The age of a stored sum, compared with the batch that the ledger names. */
  enum Age {
    /** The batch is not in it. */
    BEFORE,
    /** The batch is in it. */
    WITH,
    /** A later one has changed it: the ledger has another entry by now. */
    BEHIND,
    /** Either of these, or a mark of a time before the ledger. */
    UNKNOWN
  }

  MergedOffsets {
    floors = Map.copyOf(floors);
  }

  /** Returns what an entry tells without an earlier one. */
  static MergedOffsets of(LedgerEntry entry, String topicId) {
    return new MergedOffsets(entry, topicId, beginnings(entry, topicId));
  }

  /**
   * Returns what the next entry tells, or the same one of a topic that was created again. What is
   * in every sum once stays there, also when a lost checkpoint makes a batch read it again.
   */
  MergedOffsets followedBy(LedgerEntry next, String nextTopicId) {
    if (isRestartedBy(next, nextTopicId)) {
      return of(next, nextTopicId);
    }
    Map<Integer, Long> all = new HashMap<>(floors);
    if (isOtherPlan(next)) {
      // What the plan before has begun is completed first.
      batch()
          .filter(last -> isOfTopic(last, topicId))
          .ifPresent(
              last ->
                  last.ranges()
                      .forEach(range -> all.merge(range.partition(), range.end(), Math::max)));
    }
    beginnings(next, topicId).forEach((partition, from) -> all.merge(partition, from, Math::max));
    return new MergedOffsets(next, topicId, all);
  }

  /** Returns whether what was known does not hold any more: other records, or other sums. */
  boolean isRestartedBy(LedgerEntry next, String nextTopicId) {
    return !topicId.equals(nextTopicId)
        || entry != null && (next == null || next.revision() < entry.revision());
  }

  /**
   * Returns whether the next entry's batch does not follow this one's: it is of another query, or
   * of an older checkpoint that was put back, and was read from elsewhere.
   */
  boolean isOtherPlan(LedgerEntry next) {
    if (batch().isEmpty() || next.begun().isEmpty()) {
      return false;
    }
    BatchMark before = batch().get().mark();
    BatchMark after = next.begun().get().mark();
    return !after.queryId().equals(before.queryId()) || isOtherPlan(before, after);
  }

  /** Returns whether two plans of one query have the same number. */
  private static boolean isOtherPlan(BatchMark one, BatchMark other) {
    return one.number() == other.number() && !one.whole().equals(other.whole());
  }

  private static Map<Integer, Long> beginnings(LedgerEntry entry, String topicId) {
    Map<Integer, Long> from = new HashMap<>();
    Optional.ofNullable(entry)
        .flatMap(LedgerEntry::begun)
        .filter(batch -> isOfTopic(batch, topicId))
        .ifPresent(
            batch -> batch.ranges().forEach(range -> from.put(range.partition(), range.from())));
    return from;
  }

  private static boolean isOfTopic(BegunBatch batch, String topicId) {
    return batch.topicId().equals(topicId);
  }

  private Optional<BegunBatch> batch() {
    return Optional.ofNullable(entry).flatMap(LedgerEntry::begun);
  }

  /** Returns whether a batch of this very topic has begun, so that the ledger has offsets. */
  boolean hasOffsets() {
    return batch().filter(batch -> isOfTopic(batch, topicId)).isPresent();
  }

  /** Returns the first offset of a partition that is not in every sum. */
  long floor(int partition) {
    return floors.getOrDefault(partition, 0L);
  }

  /** Returns the first offset of a partition that is not in a sum of this age. */
  long firstMissing(int partition, Age age) {
    long floor = floor(partition);
    return age != Age.WITH || !hasOffsets()
        ? floor
        : batch().get().ranges().stream()
            .filter(range -> range.partition() == partition)
            .mapToLong(OffsetRange::until)
            .map(until -> Math.max(floor, until))
            .findFirst()
            .orElse(floor);
  }

  /** Returns the age of a sum by the mark that it carries. */
  Age age(String mark) {
    Optional<BatchMark> stored = BatchMark.parse(mark);
    if (mark.isEmpty()) {
      return Age.BEFORE;
    }
    if (stored.isEmpty() || batch().isEmpty()) {
      return Age.UNKNOWN;
    }
    BatchMark of = stored.get();
    BatchMark begun = batch().get().mark();
    if (of.equals(begun)) {
      // Of a batch that only stores its events, the ranges may still change.
      return batch().get().stage() == Stage.COUNTING ? Age.WITH : Age.UNKNOWN;
    }
    if (!of.queryId().equals(begun.queryId())) {
      return entry.finished(of.queryId()).isPresent() ? Age.BEFORE : Age.UNKNOWN;
    }
    boolean samePlan = of.whole().equals(begun.whole());
    if (of.number() < begun.number() || samePlan && of.part() < begun.part()) {
      return Age.BEFORE;
    }
    return of.number() > begun.number() || samePlan && of.part() > begun.part()
        ? Age.BEHIND
        : Age.UNKNOWN;
  }

  /** Returns the age of an {@link Age#UNKNOWN} sum, when the ledger still has this entry. */
  Age settledAge(String mark) {
    return batch().filter(begun -> begun.mark().toString().equals(mark)).isPresent()
        ? Age.WITH
        : Age.BEFORE;
  }

  /**
   * Returns whether an event's own record is waiting although its event is stored: a batch stores
   * its events before it adds them up. False if another query, or an earlier topic of that name,
   * has stored and merged it. Empty if the entry cannot tell.
   *
   * @param origin of this very record
   */
  Optional<Boolean> isWaiting(Origin origin) {
    if (!hasOffsets()) {
      // No batch has read this topic: what is stored comes from another one.
      return isKnown(origin) ? Optional.of(false) : Optional.empty();
    }
    BatchMark begun = batch().get().mark();
    Optional<BatchMark> stored =
        BatchMark.parse(origin.batch()).filter(of -> of.queryId().equals(begun.queryId()));
    if (stored.filter(of -> isOtherPlan(of, begun)).isPresent()) {
      // Either it is completed, or the ledger has another entry by now.
      return Optional.empty();
    }
    if (stored.isPresent()) {
      // An entry need not name each partition.
      return Optional.of(stored.get().number() >= begun.number());
    }
    return isKnown(origin) ? Optional.of(false) : Optional.empty();
  }

  private boolean isKnown(Origin origin) {
    Optional<String> query = BatchMark.parse(origin.batch()).map(BatchMark::queryId);
    return query.isEmpty()
        || entry != null
            && (entry.finished(query.get()).isPresent()
                || batch().filter(last -> last.mark().queryId().equals(query.get())).isPresent());
  }

  long revision() {
    return entry == null ? 0 : entry.revision();
  }

  /** Returns whether the event is from before the horizon, from which on events are known. */
  boolean isTooOld(ShopEvent event) {
    long horizon = entry == null ? LedgerEntry.ALL : entry.horizon();
    return Math.floorDiv(event.eventTimeMicros(), 1_000_000) < horizon;
  }
}
