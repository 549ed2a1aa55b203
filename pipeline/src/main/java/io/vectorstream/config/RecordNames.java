package io.vectorstream.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import java.lang.reflect.Executable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The names and the types that a record describes: its components, in snake case. */
final class RecordNames {
  private RecordNames() {}

  /** Returns the types by their names; the names in a group follow its own: {@code kafka.topic}. */
  static Map<String, Type> of(Class<?> group) {
    Map<String, Type> types = new LinkedHashMap<>();
    for (RecordComponent component : group.getRecordComponents()) {
      String name = snakeCase(component.getName());
      types.put(name, component.getGenericType());
      if (isGroup(component.getType())) {
        of(component.getType()).forEach((inner, type) -> types.put(name + "." + inner, type));
      }
    }
    return types;
  }

  static String snakeCase(String javaName) {
    return SnakeCaseStrategy.INSTANCE.translate(javaName);
  }

  /** Returns whether it is a record of further names, not one that is made from a single text. */
  static boolean isGroup(Type type) {
    return type instanceof Class<?> plain
        && plain.isRecord()
        && Stream.<Executable[]>of(plain.getDeclaredConstructors(), plain.getDeclaredMethods())
            .flatMap(Stream::of)
            .noneMatch(creator -> creator.isAnnotationPresent(JsonCreator.class));
  }

  /** Returns whether it is a map, such as that of {@code kafka.properties}. */
  static boolean isMap(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Map.class;
  }

  /** Returns the type of a list's items; empty when it is no list. */
  static Optional<Type> itemOf(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == List.class
        ? Optional.of(generic.getActualTypeArguments()[0])
        : Optional.empty();
  }
}
