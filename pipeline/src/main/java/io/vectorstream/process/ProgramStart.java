package io.vectorstream.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a program of this project does first: it makes itself independent of the language, the user
 * and the temporary files of the machine that it finds itself on, and its output harmless to a
 * terminal.
 */
public final class ProgramStart {
  private static final String HOME = "user.home";

  private ProgramStart() {}

  /** Call before anything else. */
  public static void prepare() {
    useEnglish();
    PrintableStream.install();
    String folder = TemporaryFolder.path().toString();
    // Spark, and most libraries that unpack native code, look here.
    System.setProperty("java.io.tmpdir", folder);
    // And this one where the JVM was told to, which newer JVMs remember.
    setUnlessGiven("ZstdTempFolder", folder);
    setUnlessGiven("org.xerial.snappy.tempdir", folder);
    setUnlessGiven("jna.tmpdir", folder);
    setHome(folder);
  }

  /**
   * Makes numbers come out in digits that machines read, in whatever library they are formatted:
   * Persian ones in the addresses of brokers lead nowhere. Nor is "I" of the letter "i" anything
   * else than I.
   */
  public static void useEnglish() {
    Locale.setDefault(Locale.ENGLISH);
  }

  /**
   * A user who is in no list of users has the home "?"; files would be made in a folder of that
   * name.
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
