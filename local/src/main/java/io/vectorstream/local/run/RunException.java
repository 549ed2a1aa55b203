package io.vectorstream.local.run;

/** A run that cannot go on. The message is made for the user: one line. */
public final class RunException extends RuntimeException {

  RunException(String message) {
    super(message);
  }

  RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
