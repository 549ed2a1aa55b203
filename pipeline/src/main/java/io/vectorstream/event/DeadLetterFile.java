package io.vectorstream.event;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.function.Consumer;
import org.apache.commons.io.output.DeferredFileOutputStream;

/** The dead letters of a batch, to be read several times: in memory if few, else on disk. */
final class DeadLetterFile implements AutoCloseable {

  private static final int LARGEST_IN_MEMORY = 4 << 20;

  private final DeferredFileOutputStream file;

  private DeadLetterFile(DeferredFileOutputStream file) {
    this.file = file;
  }

  /** Stores all dead letters of the iterator. */
  static DeadLetterFile of(Iterator<DeadLetter> letters) {
    DeadLetterFile kept =
        new DeadLetterFile(
            DeferredFileOutputStream.builder()
                .setThreshold(LARGEST_IN_MEMORY)
                .setPrefix("vectorstream-dead-letters")
                .setSuffix(".tmp")
                .setDirectory(new java.io.File(System.getProperty("java.io.tmpdir")))
                .get());
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(kept.file))) {
      while (letters.hasNext()) {
        letters.next().write(out);
      }
      return kept;
    } catch (IOException e) {
      kept.close();
      throw new UncheckedIOException("dead letters cannot be noted in a temporary file", e);
    } catch (RuntimeException e) {
      kept.close();
      throw e;
    }
  }

  void forEach(Consumer<DeadLetter> action) {
    try (DataInputStream in = new DataInputStream(open())) {
      while (true) {
        DeadLetter letter;
        try {
          letter = DeadLetter.read(in);
        } catch (EOFException e) {
          return;
        }
        action.accept(letter);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("dead letters cannot be read from a temporary file", e);
    }
  }

  private InputStream open() throws IOException {
    return file.isInMemory()
        ? new ByteArrayInputStream(file.getData())
        : new java.io.BufferedInputStream(Files.newInputStream(file.getFile().toPath()));
  }

  @Override
  public void close() {
    if (file.getFile() != null) {
      file.getFile().delete();
    }
  }
}
