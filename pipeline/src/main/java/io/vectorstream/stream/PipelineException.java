package io.vectorstream.stream;

/** The pipeline cannot start or cannot go on. The message is one line for people. */
public final class PipelineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PipelineException(String message) {
    super(message);
  }

  public PipelineException(String message, Throwable cause) {
    super(message, cause);
  }
}
