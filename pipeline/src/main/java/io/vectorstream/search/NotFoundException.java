package io.vectorstream.search;

/** Nothing is stored under the id that was asked for. The message names it. */
public final class NotFoundException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotFoundException(String message) {
    super(message);
  }
}
