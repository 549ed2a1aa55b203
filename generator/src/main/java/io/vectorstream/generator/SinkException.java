package io.vectorstream.generator;

/** A record could not be delivered, or its destination cannot be reached. */
public final class SinkException extends GeneratorException {

  public SinkException(String message) {
    super(message);
  }

  public SinkException(String message, Throwable cause) {
    super(message, cause);
  }
}
