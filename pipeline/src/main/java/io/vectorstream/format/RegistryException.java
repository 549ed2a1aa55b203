package io.vectorstream.format;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The failure of the schema registry to answer as a registry does. It says nothing about the record
 * whose schema was asked for: the record waits until the registry answers.
 */
public final class RegistryException extends UncheckedIOException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  RegistryException(String message, boolean passing, Exception cause) {
    super(message, cause instanceof IOException io ? io : new IOException(message, cause));
    this.passing = passing;
  }

  /** Returns whether a later call may succeed although nobody changes a setting. */
  boolean isPassing() {
    return passing;
  }
}
