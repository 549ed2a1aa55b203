package io.vectorstream.embedding;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** The folders of tiny models, put together of what {@code make_models.py} has made. */
final class TinyModels {
  private TinyModels() {}

  static Path file(String name) {
    try {
      return Path.of(TinyModels.class.getResource("/sentence-transformers/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Makes the folder of a model.
   *
   * @param base {@code bert}, {@code roberta} or {@code table}
   * @param name of the files that belong to this model alone
   */
  static Path folder(Path parent, String base, String name) throws IOException {
    Path folder = Files.createDirectories(parent.resolve(name));
    copy(file(base), folder);
    copy(file("models/" + name), folder);
    return folder;
  }

  /** Makes the folder of a model without any file of Sentence Transformers. */
  static Path plain(Path parent, String base) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("plain-" + base));
    copy(file(base), folder);
    return folder;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
