package io.vectorstream.generator;

/** What went wrong, in one line that can be shown to the user as it is. */
public class GeneratorException extends RuntimeException {

  public GeneratorException(String message) {
    super(message);
  }

  public GeneratorException(String message, Throwable cause) {
    super(message, cause);
  }
}
