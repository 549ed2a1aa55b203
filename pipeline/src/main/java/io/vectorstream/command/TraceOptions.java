package io.vectorstream.command;

import java.util.List;
import picocli.CommandLine.Option;

/** The option for traces of batches in a file; a picocli mixin. */
public final class TraceOptions {

  @Option(
      names = "--traces",
      paramLabel = "FILE",
      description =
          "Append a trace of each batch to a file, as lines of OTLP JSON for a viewer of"
              + " OpenTelemetry: the same as --set tracing.file=FILE.")
  private String file;

  /** Returns the setting, as name=value, if the option is given. */
  public List<String> settings() {
    return file == null ? List.of() : List.of("tracing.file=" + file);
  }
}
