package io.vectorstream.it;

import java.nio.file.Path;

/** The folder of this module: Maven sets it, other test runners start in it. */
public final class ModuleFolder {
  private ModuleFolder() {}

  public static Path path() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  }
}
