package io.vectorstream.generator;

/** The failure that a record could not be delivered, or that its destination cannot be reached. */
public final class SinkException extends GeneratorException {

  public SinkException(String message) {
    super(message);
  }

  public SinkException(String message, Throwable cause) {
    super(message, cause);
  }
}
