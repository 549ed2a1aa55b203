package io.vectorstream.local.command;

import io.vectorstream.local.run.ProgressDisplay;
import io.vectorstream.process.Printable;
import io.vectorstream.process.PrintableStream;
import io.vectorstream.reports.result.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the output of results; a picocli mixin. */
final class ResultOptions {
  private static final String STDOUT = "-";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Write the result as JSON; to standard output with -, and all else to standard"
              + " error.")
  private String json;

  /** Returns the stream for output to a reader. */
  PrintStream out() {
    return STDOUT.equals(json) ? System.err : System.out;
  }

  ProgressDisplay display() {
    // Java has a console when standard input and output are both a terminal.
    return ProgressDisplay.on(
        PrintableStream.unguarded(out()), System.console() != null, System.getenv());
  }

  /** Returns a display for one of many runs. */
  ProgressDisplay passingDisplay() {
    return ProgressDisplay.passing(
        PrintableStream.unguarded(out()), System.console() != null, System.getenv());
  }

  /** Checks before the run, and not after it, that the file can be written. */
  void check() {
    if (json == null || STDOUT.equals(json)) {
      return;
    }
    if (!canBeWritten(json)) {
      throw new ParameterException(
          spec.commandLine(), "--json " + json + " cannot be written; expected a file, or -");
    }
  }

  /** Makes the folder of a file, and returns whether the file can be written there. */
  static boolean canBeWritten(String path) {
    try {
      Path file = Path.of(path).toAbsolutePath();
      Files.createDirectories(file.getParent());
      return !Files.isDirectory(file) && Files.isWritable(file.getParent());
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /**
   * @param name of the result, at the beginning of a sentence
   */
  void write(Result result, String name) {
    byte[] text = (Printable.lines(result.toJson()) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (STDOUT.equals(json)) {
        System.out.write(text);
        System.out.flush();
      } else if (json != null) {
        Files.write(Path.of(json), text);
        out().println(name + " is in " + json);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the result cannot be written to " + json, e);
    }
  }
}
