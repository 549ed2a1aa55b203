package io.vectorstream.store;

/**
 * The vector store does not answer, or refuses what was asked of it. The message says which server
 * and why.
 */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  /** A refusal: the same call would be refused again. */
  public StoreException(String message) {
    this(message, false, null);
  }

  StoreException(String message, boolean passing, Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  /** Whether the same call may succeed later, with nothing changed but the server's condition. */
  public boolean isPassing() {
    return passing;
  }
}
