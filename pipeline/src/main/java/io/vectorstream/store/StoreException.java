package io.vectorstream.store;

/**
 * The vector store does not answer, or refuses what was asked of it. The message says which server
 * and why.
 */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
