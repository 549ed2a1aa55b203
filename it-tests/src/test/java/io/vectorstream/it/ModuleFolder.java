package io.vectorstream.it;

import java.nio.file.Path;

/** Where this module lies; Maven says so, anything else starts the tests in it. */
public final class ModuleFolder {
  private ModuleFolder() {}

  public static Path path() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  }
}
