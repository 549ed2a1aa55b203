package io.vectorstream.reports.result;

/** The failure of an unusable file; the message says which, where in it, and what was expected. */
public final class ResultException extends IllegalArgumentException {
  ResultException(String message) {
    super(message);
  }
}
