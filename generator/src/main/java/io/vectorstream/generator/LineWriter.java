package io.vectorstream.generator;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A writer of one record a line, whose failures name the destination. */
final class LineWriter {

  private static final int BUFFER_BYTES = 1 << 18;

  private final String name;
  private final OutputStream out;

  LineWriter(String name, OutputStream out) {
    this.name = name;
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
  }

  void write(GeneratedRecord record) {
    try {
      out.write(record.value());
      out.write('\n');
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private SinkException failed(IOException e) {
    return new SinkException("cannot write to " + name + ": " + e.getMessage(), e);
  }
}
