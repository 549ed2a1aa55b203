package io.vectorstream.search;

/** The failure that nothing is stored under an id. The message names the id. */
public final class NotFoundException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotFoundException(String message) {
    super(message);
  }
}
