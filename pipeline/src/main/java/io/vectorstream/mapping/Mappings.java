package io.vectorstream.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import io.vectorstream.config.SettingsException;
import io.vectorstream.config.YamlRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The mappings: those that come with the program, by their names, and files. */
public final class Mappings {

  /** The names of those that come with the program. */
  public static final List<String> READY =
      List.of("vectorstream", "ga4", "ga4-bigquery", "segment", "shopify", "snowplow");

  private static final String KIND = "mapping";
  private static final String EXAMPLE = "fields:";

  private Mappings() {}

  /**
   * Reads a mapping.
   *
   * @param nameOrFile a name of {@link #READY}, or a file
   * @throws SettingsException when there is none, or its content is wrong; it lists every problem
   */
  public static EventMapping read(String nameOrFile) {
    if (READY.contains(nameOrFile)) {
      return new EventMapping(
          YamlRecords.read(
              text(nameOrFile), nameOrFile, KIND, EXAMPLE, MappingFile.class, MappingCheck::check));
    }
    return new EventMapping(
        YamlRecords.read(file(nameOrFile), KIND, EXAMPLE, MappingFile.class, MappingCheck::check));
  }

  private static Path file(String name) {
    try {
      Path file = Path.of(name);
      if (Files.exists(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      // The exception below says what was expected.
    }
    throw new SettingsException(
        List.of(
            "kafka.mapping: there is no file '%s'; expected a mapping in YAML, or one of %s"
                .formatted(name, String.join(", ", READY))));
  }

  /** Returns the YAML of a mapping that comes with the program. */
  public static String text(String name) {
    try {
      return Resources.toString(
          Resources.getResource(Mappings.class, "/mappings/" + name + ".yaml"), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
