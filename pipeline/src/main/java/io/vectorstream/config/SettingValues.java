package io.vectorstream.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The strict conversion of settings from text and back: durations, numbers, names of an enum. */
final class SettingValues {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .withCoercionConfig(LogicalType.Integer, SettingValues::refuseEmpty)
          .withCoercionConfig(LogicalType.Float, SettingValues::refuseEmpty)
          .withCoercionConfig(LogicalType.Boolean, SettingValues::refuseEmpty)
          .withCoercionConfig(LogicalType.Enum, SettingValues::refuseEmpty)
          .addModule(
              new SimpleModule()
                  .addDeserializer(Duration.class, new FromText())
                  .addSerializer(Duration.class, new ToText())
                  .addSerializer(Enum.class, new LowerCase()))
          .build();

  private SettingValues() {}

  private static void refuseEmpty(MutableCoercionConfig config) {
    config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
  }

  /** Returns the problem with the text as a value of that type; empty when there is none. */
  static Optional<String> problem(String text, Class<?> type) {
    String wrong = "'" + text + "' is ";
    try {
      // Jackson makes no number, but null, of the text "null".
      return MAPPER.treeToValue(TextNode.valueOf(text), type) == null
          ? Optional.of(wrong + not(type))
          : Optional.empty();
    } catch (ValueInstantiationException e) {
      // A type with a parser of its own, which says what is wrong.
      return Optional.of(e.getCause().getMessage());
    } catch (JacksonException e) {
      return Optional.of(wrong + not(type));
    }
  }

  private static String not(Class<?> boxed) {
    Class<?> type = MethodType.methodType(boxed).unwrap().returnType();
    if (type == Duration.class) {
      return "not a duration; expected a number and a unit such as 250ms, 10s, 5m";
    }
    if (type == boolean.class) {
      return "neither true nor false";
    }
    if (type == int.class || type == long.class) {
      long largest = type == int.class ? Integer.MAX_VALUE : Long.MAX_VALUE;
      return "not a whole number; expected one up to " + largest;
    }
    if (type == double.class) {
      return "not a number; expected one such as 1.5";
    }
    if (type.isEnum()) {
      return "unknown; expected "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(" or "));
    }
    throw new IllegalStateException("no values of " + type + " are known");
  }

  /** Returns the duration in the largest unit that gives a whole number: 90s, not 1.50m. */
  static String durationText(Duration duration) {
    if (duration.toNanosPart() % 1_000_000 != 0) {
      return duration.toNanos() + "ns";
    }
    long millis = duration.toMillis();
    if (millis % 1000 != 0 || millis == 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86_400 != 0 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }

  private static final class FromText extends JsonDeserializer<Duration> {
    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text = parser.getText();
      try {
        return io.airlift.units.Duration.valueOf(text.strip()).toJavaTime();
      } catch (IllegalArgumentException e) {
        return (Duration) context.handleWeirdStringValue(Duration.class, text, e.getMessage());
      }
    }
  }

  private static final class ToText extends JsonSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(durationText(value));
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class LowerCase extends JsonSerializer<Enum> {
    @Override
    public void serialize(Enum value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(value.name().toLowerCase(Locale.ROOT));
    }
  }
}
