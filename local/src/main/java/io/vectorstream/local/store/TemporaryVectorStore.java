package io.vectorstream.local.store;

import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** An empty embedded vector store that is gone when it is closed, for a measurement. */
public final class TemporaryVectorStore implements AutoCloseable {

  private final Path folder;
  private final EmbeddedVectorStore server;

  private TemporaryVectorStore(Path folder, EmbeddedVectorStore server) {
    this.folder = folder;
    this.server = server;
  }

  /**
   * Starts it on any free port.
   *
   * @param purpose a word that its folder, among the system's temporary ones, is named for
   */
  public static TemporaryVectorStore start(String purpose) {
    Path folder;
    try {
      folder = Files.createTempDirectory(TemporaryFolder.path(), purpose + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for a temporary vector store", e);
    }
    try {
      return new TemporaryVectorStore(
          folder, EmbeddedVectorStore.start(new EmbeddedVectorStore.Options(folder, 0)));
    } catch (RuntimeException | Error e) {
      FileUtils.deleteQuietly(folder.toFile());
      throw e;
    }
  }

  /** Returns the settings that lead the pipeline here, as {@code name=value}. */
  public List<String> settings() {
    return List.of(
        "qdrant.host=127.0.0.1",
        "qdrant.port=" + server.port(),
        "qdrant.addresses=",
        // The user's own server may ask for these; this one knows nothing of them.
        "qdrant.tls=false",
        "qdrant.ca_certificate=",
        "qdrant.api_key=",
        "qdrant.api_key_file=");
  }

  @Override
  public void close() {
    // An interrupted thread would not wait for the server's end, and leave it open.
    boolean interrupted = Thread.interrupted();
    try (server) {
      // Closed before its folder goes.
    } finally {
      FileUtils.deleteQuietly(folder.toFile());
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
