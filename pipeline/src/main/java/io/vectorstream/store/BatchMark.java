package io.vectorstream.store;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a micro-batch, as stored points carry it in their field {@code batch}. A repeat of
 * the batch has the same name. No other batch has, not even a batch with the same number that an
 * old, restored checkpoint makes of other records.
 *
 * @param queryId of the streaming query; it stays the same across restarts, and ends with its
 *     checkpoint
 * @param number of the batch in its query, from 0
 * @param plan stands for the offsets that the batch ends at; followed by a point and a number where
 *     the batch is processed in parts
 */
public record BatchMark(String queryId, long number, String plan) implements Serializable {

  private static final Pattern MARK =
      Pattern.compile("([^:]+):(\\d{1,18}):([0-9a-f]+(?:\\.\\d{1,9})?)");

  /** The suffix of a mark that versions without a ledger have settled. */
  private static final String SETTLED = ":settled";

  @Override
  public String toString() {
    return queryId + ":" + number + ":" + plan;
  }

  /** Parses what {@link #toString} returned; empty for anything else. */
  public static Optional<BatchMark> parse(String mark) {
    Matcher parts = MARK.matcher(mark);
    return parts.matches()
        ? Optional.of(new BatchMark(parts.group(1), Long.parseLong(parts.group(2)), parts.group(3)))
        : Optional.empty();
  }

  /** Parses the mark of a batch that was settled; empty for anything else. */
  static Optional<BatchMark> parseSettled(String mark) {
    return mark.endsWith(SETTLED)
        ? parse(mark.substring(0, mark.length() - SETTLED.length()))
        : Optional.empty();
  }

  /** Returns whether a later batch of the same query left this mark. */
  public boolean isBefore(String mark) {
    return parse(mark)
        .filter(other -> other.queryId.equals(queryId) && other.number > number)
        .isPresent();
  }

  /** Returns the name of a part of this batch, from 0. */
  public BatchMark part(int part) {
    return new BatchMark(queryId, number, wholePlan() + "." + part);
  }

  /** Returns the number of the part that this names; 0 for a batch that is processed as a whole. */
  public int part() {
    int point = plan.indexOf('.');
    return point < 0 ? 0 : Integer.parseInt(plan.substring(point + 1));
  }

  /** Returns the name of the whole batch that this is a part of. */
  public BatchMark whole() {
    return new BatchMark(queryId, number, wholePlan());
  }

  private String wholePlan() {
    int point = plan.indexOf('.');
    return point < 0 ? plan : plan.substring(0, point);
  }

  /**
   * Returns whether events under another mark were not counted when this part began: they are this
   * part's own, or those of a later part, or of an abandoned try of the whole batch.
   */
  boolean isFollowedBy(BatchMark other) {
    return other.whole().equals(whole())
        && (other.plan.equals(other.wholePlan()) || other.part() >= part());
  }

  /** Returns whether a stored mark is that of this batch or of one of its parts. */
  public boolean isOfSameBatch(String mark) {
    return parse(mark).filter(other -> other.whole().equals(whole())).isPresent();
  }
}
