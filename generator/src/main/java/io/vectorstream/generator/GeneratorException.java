package io.vectorstream.generator;

/** The failure of the generator, in one line that can be shown to the user as it is. */
public class GeneratorException extends RuntimeException {

  public GeneratorException(String message) {
    super(message);
  }

  public GeneratorException(String message, Throwable cause) {
    super(message, cause);
  }
}
