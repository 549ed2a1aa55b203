package io.vectorstream.it;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.vectorstream.local.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/**
 * An archive of loaded classes (Java's class data sharing) for programs that tests start again and
 * again: with it, a start takes a third less of a core's time. It is made when a test run starts
 * many of them, and kept in {@code target} for the same jars.
 */
final class ChildArchive {

  /** Making the archive takes as long as some starts: it is for a run that has more than these. */
  private static final int STARTS_WITHOUT = 3;

  private static final long LONGEST_MINUTES = 5;

  private static int starts;
  private static boolean failed;

  private ChildArchive() {}

  /**
   * Returns the flags with which a program uses the archive; none where there is none.
   *
   * @param classPath of jars alone, because Java shares no classes of folders
   * @param flags of the JVM, the same each time
   */
  static synchronized List<String> flags(String classPath, List<String> flags) {
    boolean hasFolders =
        Arrays.stream(classPath.split(File.pathSeparator)).anyMatch(each -> !each.endsWith(".jar"));
    if (failed || hasFolders) {
      return List.of();
    }
    Path archive = ModuleFolder.path().resolve("target/child-" + fingerprint(classPath) + ".jsa");
    if (!Files.exists(archive)
        && (++starts <= STARTS_WITHOUT || !make(archive, classPath, flags))) {
      return List.of();
    }
    // A Java that does not take it goes on without, and says so where nobody expects it.
    return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-Xlog:all=error:stderr");
  }

  private static String fingerprint(String classPath) {
    Hasher hasher = Hashing.farmHashFingerprint64().newHasher();
    for (String jar : classPath.split(File.pathSeparator)) {
      hasher
          .putString(jar, StandardCharsets.UTF_8)
          .putLong(new File(jar).lastModified())
          .putLong(new File(jar).length());
    }
    return hasher.hash().toString();
  }

  /** Runs a short load with everything embedded, which loads the classes of all parts. */
  private static boolean make(Path archive, String classPath, List<String> flags) {
    Optional<Path> made = Optional.empty();
    try {
      Path folder = Files.createTempDirectory("child-archive");
      Path dump = folder.resolve("classes.jsa");
      List<String> command = new ArrayList<>(List.of(ChildProgram.java()));
      command.addAll(flags);
      command.add("-XX:ArchiveClassesAtExit=" + dump);
      command.addAll(List.of("-cp", classPath, Main.class.getName()));
      command.addAll(List.of("validate", "--rate", "200", "--duration", "5s"));
      command.addAll(List.of("--set", "http.port=0", "--set", "stream.trigger=1s"));
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("said.txt").toFile())
              .start();
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
      }
      if (Files.exists(dump)) {
        made = Optional.of(Files.move(dump, archive, StandardCopyOption.REPLACE_EXISTING));
      }
      FileUtils.deleteDirectory(folder.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failed = made.isEmpty();
    return !failed;
  }
}
