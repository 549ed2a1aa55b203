package io.vectorstream.monitoring;

import com.google.common.collect.Sets;
import io.vectorstream.config.Redaction;
import java.util.Set;
import java.util.stream.Stream;

/** A failure that reads like another one, with stars in place of the secrets that it tells of. */
public final class MaskedFailure extends Throwable {
  private static final long serialVersionUID = 1;

  private final String text;

  /**
   * @param seen which a failure's causes may come back to
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

  /** The failure itself where it tells of no secret. */
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
