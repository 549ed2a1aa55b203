package io.vectorstream.generator;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes one record a line, and says which destination failed. */
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
