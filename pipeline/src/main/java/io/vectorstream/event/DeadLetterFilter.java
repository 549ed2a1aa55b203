package io.vectorstream.event;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The conditions that select dead letters. Partition and offsets are those of the record that
 * became the dead letter, not the dead letter's own. A dead letter that lacks a value does not
 * match a condition on it.
 *
 * @param reasons empty for all of them
 * @param since the first moment of {@code failed_at} that matches
 * @param until the first moment of {@code failed_at} that does not match any more
 * @param fromOffset the first offset that matches
 * @param toOffset the last offset that matches
 */
public record DeadLetterFilter(
    Set<Reason> reasons,
    Optional<Instant> since,
    Optional<Instant> until,
    OptionalInt partition,
    OptionalLong fromOffset,
    OptionalLong toOffset) {

  /** The filter that matches every dead letter. */
  public static final DeadLetterFilter ALL =
      new DeadLetterFilter(
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  public DeadLetterFilter {
    reasons = Set.copyOf(reasons);
  }

  public boolean matches(StoredDeadLetter letter) {
    return matchesReason(letter.reason())
        && !since.filter(letter.failedAt()::isBefore).isPresent()
        && !until.filter(end -> !letter.failedAt().isBefore(end)).isPresent()
        && (partition.isEmpty()
            || letter.partition() != null && letter.partition() == partition.getAsInt())
        && matchesOffset(letter.offset());
  }

  private boolean matchesReason(String code) {
    return reasons.isEmpty() || reasons.stream().anyMatch(reason -> reason.code().equals(code));
  }

  private boolean matchesOffset(Long offset) {
    if (fromOffset.isEmpty() && toOffset.isEmpty()) {
      return true;
    }
    return offset != null
        && offset >= fromOffset.orElse(Long.MIN_VALUE)
        && offset <= toOffset.orElse(Long.MAX_VALUE);
  }
}
