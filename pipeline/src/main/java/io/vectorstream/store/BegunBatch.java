package io.vectorstream.store;

import java.util.List;

/**
 * A micro-batch, or a part of one, as the {@link Ledger} records it when it begins: everything that
 * is needed to process it again if the checkpoint is lost.
 *
 * @param mark its name; of the parts of one batch, each has its own
 * @param stage how far it has come
 * @param tries how often it was begun
 * @param topicId the id that Kafka has given the topic
 * @param ranges the offsets that it reads, with an entry for each partition, also for one that it
 *     reads nothing of
 */
public record BegunBatch(
    BatchMark mark, Stage stage, int tries, String topicId, List<OffsetRange> ranges) {

  /** The progress of a batch. */
  public enum Stage {
    /** Its events are being stored, and none was counted: it may be tried again with fewer. */
    STORING,
    /** All its events are stored, and are being added to the sums. */
    COUNTING
  }

  /**
   * The offsets that are read of a partition.
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

    /** Returns the same range up to another offset. */
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

  /** Returns the ranges of the whole batch from this part's beginning on. */
  public List<OffsetRange> plan() {
    return ranges.stream().map(range -> range.until(range.end())).toList();
  }

  /** Returns the number of offsets that it reads. */
  public long size() {
    return ranges.stream().mapToLong(OffsetRange::size).sum();
  }

  /** Returns the same batch with another number of tries. */
  public BegunBatch withTries(int tries) {
    return new BegunBatch(mark, stage, tries, topicId, ranges);
  }

  /** Returns the same batch in the stage of counting. */
  public BegunBatch counting() {
    return new BegunBatch(mark, Stage.COUNTING, tries, topicId, ranges);
  }
}
