package io.vectorstream.event;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.replace;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;

/**
 * The checks of a JSON text for cases that {@code from_json} does not report on a GPU. A GPU sets a
 * field to null that it cannot read as the expected type, without a report; it reads a quoted
 * number as a number; it does not specify which of two fields with one name it takes; and it
 * accepts control characters within a text. A record with a sign of any of these is not certain.
 * Some good records have such a sign, too: a text that contains a field's name, or a field that is
 * literally {@code null}. They only cost the time of a second check.
 */
final class GpuJson {

  private static final String QUOTED_NUMBER =
      "\"(%s)\" *: *\""
          .formatted(
              EventField.all()
                  .filter(field -> field.type() != EventField.Type.TEXT)
                  .map(EventField::json)
                  .collect(Collectors.joining("|")));

  private static final String CONTROL_CHARACTER = "[\\x00-\\x1f]";

  private GpuJson() {}

  static Column certain() {
    return Stream.concat(
            Stream.of(isReadOnce("e." + EventField.PRODUCT, EventField.PRODUCT)),
            EventField.all().map(field -> isReadOnce("e." + field.path(), field.json())))
        .reduce(Column::and)
        .orElseThrow()
        .and(not(col("json").rlike(QUOTED_NUMBER)))
        .and(not(col("json").rlike(CONTROL_CHARACTER)));
  }

  private static Column isReadOnce(String column, String name) {
    return col(column).isNotNull().or(isAbsent(name)).and(isAtMostOnce(name));
  }

  private static Column isAbsent(String name) {
    return not(col("json").contains(quoted(name)));
  }

  private static Column isAtMostOnce(String name) {
    Column without = replace(col("json"), lit(quoted(name)), lit(""));
    return length(col("json")).minus(length(without)).leq(quoted(name).length());
  }

  private static String quoted(String name) {
    return "\"" + name + "\"";
  }
}
