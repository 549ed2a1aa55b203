package io.vectorstream.config;

import java.nio.file.Path;
import java.util.function.BiConsumer;

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

  /** The receiver of the problems that only a look at several values shows. */
  public static final class Problems {
    private final GivenValues given;

    private Problems(GivenValues given) {
      this.given = given;
    }

    /**
     * Notes a problem of the whole file, or of a value.
     *
     * @param name the value's, with the names of its groups: {@code times.zone}; empty for the file
     */
    public void of(String name, String what) {
      if (given.get(name) == null) {
        given.problem(given.sourceAround(name), name.isEmpty() ? what : name + ": " + what);
      } else {
        given.wrong(name, what);
      }
    }

    /** Notes a problem of an entry of a map. */
    public void ofEntry(String map, String key, String what) {
      given.problem(given.entrySource(map, key), map + "." + key + ": " + what);
    }
  }

  /**
   * @param kind the file's purpose for a reader: {@code workload}
   * @param example one of its fields for a message: {@code rate: 1000}
   * @throws SettingsException when there is no such file, or its content is wrong; it lists every
   *     problem
   */
  public static <T extends Record> T read(Path file, String kind, String example, Class<T> type) {
    return read(file, kind, example, type, (read, problems) -> {});
  }

  /**
   * Reads a file and lets a check look at it, if the types and the limits of its values are right.
   *
   * @throws SettingsException as the other does, also for what the check has noted
   */
  public static <T extends Record> T read(
      Path file, String kind, String example, Class<T> type, BiConsumer<T, Problems> check) {
    return read(YamlDocument.read(file, kind + " file"), kind, example, type, check);
  }

  /**
   * Reads a text in the same way.
   *
   * @param source of the text, for messages
   */
  public static <T extends Record> T read(
      String text,
      String source,
      String kind,
      String example,
      Class<T> type,
      BiConsumer<T, Problems> check) {
    return read(YamlDocument.of(text, source), kind, example, type, check);
  }

  private static <T extends Record> T read(
      YamlDocument document,
      String kind,
      String example,
      Class<T> type,
      BiConsumer<T, Problems> check) {
    GivenValues given = new GivenValues();
    YamlSource source = new YamlSource(document, YamlWords.of(kind, example), given);
    T bound = source.read(type) ? new RecordBinder(given, new GivenValues()).bind(type) : null;
    given.throwIfAny();
    check.accept(bound, new Problems(given));
    given.throwIfAny();
    return bound;
  }
}
