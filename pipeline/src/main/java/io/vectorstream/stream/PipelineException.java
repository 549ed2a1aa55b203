package io.vectorstream.stream;

/** The failure that the pipeline cannot start or continue; the message is one line for users. */
public final class PipelineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PipelineException(String message) {
    super(message);
  }

  public PipelineException(String message, Throwable cause) {
    super(message, cause);
  }
}
