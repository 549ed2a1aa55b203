package io.vectorstream.event;

import java.io.Serializable;

/** A place in a topic: in the dead-letter topic, unless the context names another topic. */
public record DeadLetterId(int partition, long offset)
    implements Comparable<DeadLetterId>, Serializable {

  /** Parses the text that {@link #toString} returns. */
  static DeadLetterId parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'" + text + "' is not partition:offset");
    }
    return new DeadLetterId(
        Integer.parseInt(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
  }

  @Override
  public int compareTo(DeadLetterId other) {
    int byPartition = Integer.compare(partition, other.partition);
    return byPartition != 0 ? byPartition : Long.compare(offset, other.offset);
  }

  /** Returns {@code partition:offset}. */
  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}
