package io.vectorstream.store;

/** The refusal of a writer that a later one has replaced. The refused writer must stop writing. */
public final class FencedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FencedException(String message) {
    super(message);
  }
}
