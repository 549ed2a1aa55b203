package io.vectorstream.embedding;

import java.io.Serializable;
import java.util.List;

/**
 * The failure that the model could not be loaded, or could not embed some of the texts of a call.
 * In the second case {@link #failures()} has each of these texts; the others were embedded and are
 * in the cache, so a second call without the failed ones costs nothing.
 */
public class EmbeddingException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final List<FailedText> failures;

  /**
   * A text that could not be embedded. {@link #toString} gives only its length: the text may be a
   * user's search and end up in a log.
   *
   * @param text the whole text, as it was given
   * @param reason why, in one sentence
   */
  public record FailedText(String text, String reason) implements Serializable {

    @Override
    public String toString() {
      return "a text of %,d characters: %s".formatted(text.length(), reason);
    }
  }

  EmbeddingException(String message) {
    this(message, null);
  }

  EmbeddingException(String message, Throwable cause) {
    super(message, cause);
    this.failures = List.of();
  }

  EmbeddingException(List<FailedText> failures, Throwable firstCause) {
    super(
        failures.size() == 1
            ? "cannot embed " + failures.get(0)
            : "cannot embed " + failures.size() + " texts, the first of them " + failures.get(0),
        firstCause);
    this.failures = List.copyOf(failures);
  }

  /** Returns the texts that could not be embedded; empty when the failure is not about texts. */
  public List<FailedText> failures() {
    return failures;
  }
}
