package io.vectorstream.generator;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;

/** A sink that writes the records' values to standard output, one a line, and leaves it open. */
public final class StdoutSink implements EventSink {

  private final LineWriter lines;

  /** Writes past {@code System.out}, which would hide that the reader of a pipe has ended. */
  public StdoutSink() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  StdoutSink(OutputStream out) {
    lines = new LineWriter("standard output", out);
  }

  @Override
  public void send(GeneratedRecord record) {
    lines.write(record);
  }

  @Override
  public void flush() {
    lines.flush();
  }

  @Override
  public void close() {
    lines.flush();
  }
}
