package io.vectorstream.store;

import java.io.Serializable;
import java.util.Optional;

/**
 * The name of a micro-batch, as stored points carry it in their field {@code batch}.
 *
 * @param queryId of the streaming query; it outlives restarts, and ends with its checkpoint
 * @param number of the batch in its query, from 0
 */
public record BatchMark(String queryId, long number) implements Serializable {

  /** What a mark ends with once nothing of the batch can be left undone. */
  private static final String SETTLED = ":settled";

  @Override
  public String toString() {
    return queryId + ":" + number;
  }

  /** The mark that {@link #toString} gave; empty for a settled one, or anything else. */
  static Optional<BatchMark> parse(String mark) {
    int colon = mark.lastIndexOf(':');
    if (colon < 1 || mark.endsWith(SETTLED)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new BatchMark(mark.substring(0, colon), Long.parseLong(mark.substring(colon + 1))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether a mark was left by a later batch of the same query. */
  public boolean isBefore(String mark) {
    return parse(mark)
        .filter(other -> other.queryId.equals(queryId) && other.number > number)
        .isPresent();
  }

  String settled() {
    return this + SETTLED;
  }
}
