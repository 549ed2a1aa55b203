package io.vectorstream.store;

import java.util.List;

/**
 * A micro-batch, or a part of one, as the {@link Ledger} remembers it from its beginning on: all
 * that is needed to do it again where the checkpoint is lost.
 *
 * @param mark its name; of the parts of one batch, each has its own
 * @param step how far it has come
 * @param tries how often it was begun
 * @param topicId the id that Kafka has given the topic
 * @param ranges what it reads, with an entry for each partition of the whole batch
 */
public record BegunBatch(
    BatchMark mark, Step step, int tries, String topicId, List<OffsetRange> ranges) {

  /** How far a batch has come. */
  public enum Step {
    /** Its events are being stored. Nothing was counted yet, so it may be tried with less. */
    STORING,
    /** All its events are stored, and what they mean is being added to sums. */
    COUNTING
  }

  /**
   * What is read of a partition.
   *
   * @param from the first offset
   * @param until the first offset that is not read any more
   * @param end the first offset that the whole batch, of which this may be a part, does not read
   */
  public record OffsetRange(String topic, int partition, long from, long until, long end) {

    /** A range of a whole batch. */
    public OffsetRange(String topic, int partition, long from, long until) {
      this(topic, partition, from, until, until);
    }

    /** The same, up to another place. */
    public OffsetRange until(long until) {
      return new OffsetRange(topic, partition, from, until, end);
    }

    public long size() {
      return until - from;
    }
  }

  public BegunBatch {
    ranges = List.copyOf(ranges);
  }

  /** What is left of the whole batch from its own beginning on. */
  public List<OffsetRange> plan() {
    return ranges.stream().map(range -> range.until(range.end())).toList();
  }

  /** How many offsets it reads. */
  public long size() {
    return ranges.stream().mapToLong(OffsetRange::size).sum();
  }

  /** The same, begun so often. */
  public BegunBatch withTries(int tries) {
    return new BegunBatch(mark, step, tries, topicId, ranges);
  }

  /** The same, counting. */
  public BegunBatch counting() {
    return new BegunBatch(mark, Step.COUNTING, tries, topicId, ranges);
  }
}
