package io.vectorstream.reports.result;

/**
 * The failure of a file that cannot be used; the message says which one, where in it, and what was
 * expected.
 */
public final class ResultException extends IllegalArgumentException {
  ResultException(String message) {
    super(message);
  }
}
