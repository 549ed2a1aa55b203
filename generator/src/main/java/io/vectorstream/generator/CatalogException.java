package io.vectorstream.generator;

/** The failure of an unusable catalogue; names the file, the line and what was expected. */
public final class CatalogException extends GeneratorException {

  public CatalogException(String message) {
    super(message);
  }

  public CatalogException(String message, Throwable cause) {
    super(message, cause);
  }
}
