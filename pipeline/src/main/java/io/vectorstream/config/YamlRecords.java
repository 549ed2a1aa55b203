package io.vectorstream.config;

import java.nio.file.Path;

/**
 * YAML files that a record describes. The names in a file are those of its components in snake
 * case. A component is a text, a number, a truth value, a {@code Duration}, an enum, a type that a
 * {@code JsonCreator} makes from a text, a list of these, a map of texts, another such record, or a
 * list of records. What is not given is null, or an empty list or map, so that no component is
 * primitive. {@code NotNull} says what has to be given; other constraints of Jakarta Bean
 * Validation say what it may be, with {@code Valid} before a record, or before the items of a list.
 */
public final class YamlRecords {
  private YamlRecords() {}

  /**
   * @param kind the file's purpose for a reader: {@code workload}
   * @param example one of its fields for a message: {@code rate: 1000}
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static <T extends Record> T read(Path file, String kind, String example, Class<T> type) {
    YamlDocument document = YamlDocument.read(file, kind + " file");
    GivenValues given = new GivenValues();
    YamlSource source = new YamlSource(document, YamlWords.of(kind, example), given);
    T bound = source.read(type) ? new RecordBinder(given, new GivenValues()).bind(type) : null;
    given.throwIfAny();
    return bound;
  }
}
