package io.vectorstream.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The first steps of each program of this project: they make it independent of the machine's
 * language, user and temporary files, and make its output safe for a terminal.
 */
public final class ProgramStart {
  private static final String HOME = "user.home";

  private ProgramStart() {}

  /** Prepares the process. Call this before anything else, in an executor as early as can be. */
  public static void prepare() {
    useEnglish();
    PrintableStream.install();
    String folder = TemporaryFolder.path().toString();
    // Spark, and most libraries that unpack native code, use this folder.
    System.setProperty("java.io.tmpdir", folder);
    // And this one, if the JVM was given it, which newer JVMs keep.
    setUnlessGiven("ZstdTempFolder", folder);
    setUnlessGiven("org.xerial.snappy.tempdir", folder);
    setUnlessGiven("jna.tmpdir", folder);
    setHome(folder);
  }

  /**
   * Makes all libraries format numbers with ASCII digits: Persian digits in the addresses of
   * brokers do not resolve. The upper case of "i" is "I" as well.
   */
  private static void useEnglish() {
    Locale.setDefault(Locale.ENGLISH);
  }

  /**
   * Sets the home of a user without a user name, which would be "?": files would be created in a
   * folder of that name.
   */
  private static void setHome(String temporary) {
    String home = System.getProperty(HOME, "?");
    if (Path.of(home).isAbsolute() && Files.isDirectory(Path.of(home))) {
      return;
    }
    String given = System.getenv("HOME");
    boolean usable =
        given != null && Path.of(given).isAbsolute() && Files.isWritable(Path.of(given));
    System.setProperty(HOME, usable ? given : temporary);
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
