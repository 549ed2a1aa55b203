package io.vectorstream.store;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a micro-batch, as stored points carry it in their field {@code batch}. A repeat of
 * the batch has the same name; no other batch has, not even one of the same number that an old
 * checkpoint, put back, makes of other records.
 *
 * @param queryId of the streaming query; it outlives restarts, and ends with its checkpoint
 * @param number of the batch in its query, from 0
 * @param plan stands for the offsets that the batch ends at
 */
public record BatchMark(String queryId, long number, String plan) implements Serializable {

  private static final Pattern MARK = Pattern.compile("([^:]+):(\\d{1,18}):([0-9a-f]+)");

  /** What a mark ends with once nothing of the batch can be left undone. */
  private static final String SETTLED = ":settled";

  @Override
  public String toString() {
    return queryId + ":" + number + ":" + plan;
  }

  /** The mark that {@link #toString} gave; empty for a settled one, or anything else. */
  static Optional<BatchMark> parse(String mark) {
    Matcher parts = MARK.matcher(mark);
    return parts.matches()
        ? Optional.of(new BatchMark(parts.group(1), Long.parseLong(parts.group(2)), parts.group(3)))
        : Optional.empty();
  }

  /** The mark that {@link #settled} gave; empty for anything else. */
  static Optional<BatchMark> parseSettled(String mark) {
    return mark.endsWith(SETTLED)
        ? parse(mark.substring(0, mark.length() - SETTLED.length()))
        : Optional.empty();
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
