package io.vectorstream.reports;

import io.vectorstream.reports.page.BadgeJson;
import io.vectorstream.reports.page.JUnitXml;
import io.vectorstream.reports.page.MarkdownSummary;
import io.vectorstream.reports.page.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for files that CI systems read; a picocli mixin. */
public final class CiFiles {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description =
          "Also writes the targets as JUnit's XML: one missed is a failure, one not measured is"
              + " skipped.")
  private Path junit;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Also writes a summary in Markdown, for the page of a CI job.")
  private Path markdown;

  @Option(
      names = "--badge",
      paramLabel = "FILE",
      description = "Also writes the outcome as JSON for a badge of shields.io (endpoint).")
  private Path badge;

  private record Written(Path file, Function<Report, String> content) {}

  private Map<String, Written> asked() {
    Map<String, Written> files = new LinkedHashMap<>();
    if (junit != null) {
      files.put("--junit", new Written(junit, JUnitXml::of));
    }
    if (markdown != null) {
      files.put("--markdown", new Written(markdown, MarkdownSummary::of));
    }
    if (badge != null) {
      files.put("--badge", new Written(badge, BadgeJson::of));
    }
    return files;
  }

  /**
   * Makes the folders of the files.
   *
   * @throws ParameterException when a file cannot be written
   */
  public void check() {
    asked()
        .forEach(
            (option, written) -> {
              Path file = written.file().toAbsolutePath();
              try {
                Files.createDirectories(file.getParent());
              } catch (IOException | RuntimeException e) {
                throw cannotBeWritten(option, file);
              }
              if (Files.isDirectory(file) || !Files.isWritable(file.getParent())) {
                throw cannotBeWritten(option, file);
              }
            });
  }

  /** Writes the files that were asked for. */
  public void write(Report report) {
    asked().forEach((option, each) -> write(option, each.file(), each.content().apply(report)));
  }

  void write(String option, Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException | RuntimeException e) {
      throw cannotBeWritten(option, file);
    }
  }

  private ParameterException cannotBeWritten(String option, Path file) {
    return new ParameterException(
        spec.commandLine(), "%s %s cannot be written; expected a file".formatted(option, file));
  }
}
