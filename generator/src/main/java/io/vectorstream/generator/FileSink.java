package io.vectorstream.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A sink that writes the records' values to a file, one a line. An existing file is replaced. */
public final class FileSink implements EventSink {

  private final LineWriter lines;

  /**
   * @throws SinkException when the file cannot be created
   */
  public FileSink(Path file) {
    try {
      lines = new LineWriter(file.toString(), Files.newOutputStream(file));
    } catch (NoSuchFileException e) {
      throw new SinkException(
          "cannot write to "
              + file
              + ": the folder "
              + file.toAbsolutePath().getParent()
              + " does not exist",
          e);
    } catch (IOException e) {
      throw new SinkException("cannot write to " + file + ": " + e, e);
    }
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
    lines.close();
  }
}
