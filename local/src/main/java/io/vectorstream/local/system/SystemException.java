package io.vectorstream.local.system;

/** The failure of a system, or of its measurement. The message is for the user: one line. */
public final class SystemException extends RuntimeException {

  SystemException(String message) {
    super(message);
  }

  SystemException(String message, Throwable cause) {
    super(message, cause);
  }
}
