package io.vectorstream.trace;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The export to a file in the form that OpenTelemetry's specification of a file exporter gives: a
 * line is a request of OTLP in JSON, as a collector would get it.
 */
final class JsonLinesExporter implements SpanExporter {

  private final OutputStream file;

  private JsonLinesExporter(OutputStream file) {
    this.file = file;
  }

  /**
   * Opens the file to append to it, and makes its folder.
   *
   * @throws UncheckedIOException in one line, if it cannot be written
   */
  static JsonLinesExporter open(Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      return new JsonLinesExporter(Files.newOutputStream(path, CREATE, APPEND));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "tracing.file: '" + path + "' cannot be written; expected a file in a folder of yours",
          e);
    }
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      TraceRequestMarshaler.create(spans).writeJsonTo(line);
      line.write('\n');
      // At once, so that a process that is killed leaves no half a line.
      file.write(line.toByteArray());
      return CompletableResultCode.ofSuccess();
    } catch (IOException e) {
      return CompletableResultCode.ofExceptionalFailure(e);
    }
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    try {
      file.close();
      return CompletableResultCode.ofSuccess();
    } catch (IOException e) {
      return CompletableResultCode.ofExceptionalFailure(e);
    }
  }
}
