package io.vectorstream.jmh.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.reports.result.GpuResult.SparkRow;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;

/** The measurement of {@link SparkShare}, with the RAPIDS Accelerator or without. */
final class SparkRuns {
  private static final String HEAP = "-Xmx3g";
  private static final int LIMIT_MINUTES = 10;

  private static final Pattern THROWN = Pattern.compile("[\\w.$]+(Exception|Error): .+");

  /** The beginning of the line in which Java reports the exception that ended a process. */
  private static final String FAILURE = "Exception in thread \"main\" ";

  private SparkRuns() {}

  /**
   * @param rapidsJar the RAPIDS Accelerator; without, Spark runs alone
   */
  static SparkRow measure(int records, Optional<Path> rapidsJar) throws IOException {
    Path folder = Files.createTempDirectory("vectorstream-spark-");
    Path result = folder.resolve("result.json");
    Path output = folder.resolve("output.txt");
    Path log = folder.resolve("spark.log");
    try {
      Process process =
          new ProcessBuilder(command(records, rapidsJar, result, log))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
        return skipped(records, rapidsJar, "it took longer than " + LIMIT_MINUTES + " minutes");
      }
      return process.exitValue() == 0 && Files.exists(result)
          ? new ObjectMapper().readValue(result.toFile(), SparkRow.class)
          : skipped(records, rapidsJar, reason(output, log));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return skipped(records, rapidsJar, "interrupted");
    } finally {
      Files.deleteIfExists(result);
      Files.deleteIfExists(output);
      Files.deleteIfExists(log);
      Files.deleteIfExists(folder);
    }
  }

  private static List<String> command(
      int records, Optional<Path> rapidsJar, Path result, Path log) {
    String classPath = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
    command.add(HEAP);
    command.add("-Dvectorstream.log.file=" + log);
    command.add("-cp");
    command.add(
        rapidsJar
            .map(jar -> classPath + File.pathSeparator + jar.toAbsolutePath())
            .orElse(classPath));
    command.add(SparkShare.class.getName());
    command.add(rapidsJar.isPresent() ? "on" : "off");
    command.add(Integer.toString(records));
    command.add(result.toString());
    return command;
  }

  private static SparkRow skipped(int records, Optional<Path> rapidsJar, String why) {
    return new SparkRow(rapidsJar.isPresent(), records, List.of(), null, why);
  }

  /** Returns the line that names the failure: from Java at the process's end, or from the log. */
  private static String reason(Path output, Path log) {
    Optional<String> ended =
        lines(output).stream()
            .filter(line -> line.startsWith(FAILURE))
            .findFirst()
            .map(line -> line.substring(FAILURE.length()));
    return ended
        .or(() -> lines(log).stream().filter(THROWN.asMatchPredicate()).findFirst())
        .orElse("its process failed without a word");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
