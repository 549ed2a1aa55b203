package io.vectorstream.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** A secret that is given either directly, or by the name of the file that contains it. */
final class SecretFile {
  private SecretFile() {}

  /**
   * Returns the secret that was given, or else the file's content; empty when there is neither.
   *
   * @param setting that names the file
   * @throws SettingsException when the file cannot be read or is empty
   */
  static Secret orElse(Secret given, String setting, String file) {
    if (!given.isEmpty() || file.isEmpty()) {
      return given;
    }
    try {
      Secret read = new Secret(Files.readString(Path.of(file)).strip());
      if (read.isEmpty()) {
        throw new SettingsException(
            List.of("%s: '%s' is empty; expected %s".formatted(setting, file, what(setting))));
      }
      return read;
    } catch (IOException | InvalidPathException e) {
      throw new SettingsException(
          "%s: '%s' cannot be read; expected a text file".formatted(setting, file), e);
    }
  }

  private static String what(String setting) {
    return switch (setting) {
      case "qdrant.api_key_file", "embedding.remote.api_key_file" -> "the API key";
      case "tracing.otlp_authorization_file" -> "the header's value, such as Bearer and a token";
      case "kafka.registry.password_file" -> "the password, or the token";
      case "spark.secret_file" -> "the secret of Spark's master and workers";
      default -> "the token";
    };
  }
}
