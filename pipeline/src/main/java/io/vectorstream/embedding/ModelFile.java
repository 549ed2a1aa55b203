package io.vectorstream.embedding;

import io.vectorstream.process.TemporaryFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A model's file while it is being loaded; a temporary copy is deleted by closing it. */
record ModelFile(Path path, boolean isCopy) implements AutoCloseable {

  static ModelFile of(Path path) {
    return new ModelFile(path, false);
  }

  /** Copies a resource to a file: from a stream, engines would hold the model three times. */
  static ModelFile copyOf(String resource) throws IOException {
    Path file = Files.createTempFile(TemporaryFolder.path(), "model-", ".onnx");
    try (InputStream onnx = ModelFile.class.getResourceAsStream(resource)) {
      if (onnx == null) {
        throw new FileNotFoundException("the class path has no " + resource);
      }
      Files.copy(onnx, file, StandardCopyOption.REPLACE_EXISTING);
      return new ModelFile(file, true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Makes the network of a folder that has its weights alone. */
  static ModelFile exportOf(Path folder) throws IOException {
    Path file = Files.createTempFile(TemporaryFolder.path(), "model-", ".onnx");
    try {
      BertExport.write(folder, file);
      return new ModelFile(file, true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (isCopy) {
      Files.deleteIfExists(path);
    }
  }
}
