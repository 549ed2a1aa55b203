package io.vectorstream.local.points;

import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A point of any program, as the store gives it.
 *
 * @param id a UUID or a number, as text
 * @param vector null where none was asked for, or it has none
 */
public record Point(String id, Map<String, Value> payload, float[] vector) {

  /** Returns a payload field as text; empty if the point does not have it. */
  public Optional<String> text(String path) {
    return value(path).map(Point::text);
  }

  /** Returns a payload field as a number; empty if it is none. */
  public Optional<Double> number(String path) {
    return value(path)
        .filter(value -> value.hasIntegerValue() || value.hasDoubleValue())
        .map(value -> value.hasIntegerValue() ? value.getIntegerValue() : value.getDoubleValue());
  }

  private Optional<Value> value(String path) {
    Map<String, Value> fields = payload;
    List<String> names = List.of(path.split("\\."));
    for (String name : names.subList(0, names.size() - 1)) {
      Value group = fields.get(name);
      if (group == null || !group.hasStructValue()) {
        return Optional.empty();
      }
      fields = group.getStructValue().getFieldsMap();
    }
    return Optional.ofNullable(fields.get(names.get(names.size() - 1)))
        .filter(value -> !value.hasNullValue());
  }

  /** Writes 5 and 5.0 alike: a store may return either for the same number. */
  private static String text(Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INTEGER_VALUE -> Double.toString(value.getIntegerValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      default -> value.toString();
    };
  }
}
