package io.vectorstream.monitoring;

import com.google.common.collect.Sets;
import io.vectorstream.config.Redaction;
import java.util.Set;
import java.util.stream.Stream;

/** A failure that reads like another one, with stars in place of the secrets in its messages. */
public final class MaskedFailure extends Throwable {
  private static final long serialVersionUID = 1;

  private final String text;

  /**
   * @param seen the failures so far, because causes may form a cycle
   */
  private MaskedFailure(Throwable failure, Set<Throwable> seen) {
    super(Redaction.mask(failure.getMessage()));
    text = Redaction.mask(failure.toString());
    setStackTrace(failure.getStackTrace());
    if (failure.getCause() != null && seen.add(failure.getCause())) {
      initCause(new MaskedFailure(failure.getCause(), seen));
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (seen.add(suppressed)) {
        addSuppressed(new MaskedFailure(suppressed, seen));
      }
    }
  }

  /** Returns the failure itself if its messages contain no secret. */
  public static Throwable of(Throwable failure) {
    return tellsSecret(failure, Sets.newIdentityHashSet())
        ? new MaskedFailure(failure, Sets.newIdentityHashSet())
        : failure;
  }

  private static boolean tellsSecret(Throwable failure, Set<Throwable> seen) {
    return failure != null
        && seen.add(failure)
        && (Redaction.holdsSecret(failure.toString())
            || tellsSecret(failure.getCause(), seen)
            || Stream.of(failure.getSuppressed()).anyMatch(other -> tellsSecret(other, seen)));
  }

  @Override
  public String toString() {
    return text;
  }
}
