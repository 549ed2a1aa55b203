package io.vectorstream.local.run;

/** The failure of a run that cannot continue. The message is for the user: one line. */
public final class RunException extends RuntimeException {

  public RunException(String message) {
    super(message);
  }

  public RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
