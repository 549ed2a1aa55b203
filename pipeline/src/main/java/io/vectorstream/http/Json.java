package io.vectorstream.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vectorstream.process.Printable;

/** The API's JSON: names in snake case, times in ISO-8601, absent values left out. */
final class Json {
  static final String TYPE = "application/json";

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .withCoercionConfig(LogicalType.Textual, Json::refuseOthers)
          .withCoercionConfig(LogicalType.Integer, Json::refuseOthers)
          .withCoercionConfig(LogicalType.Boolean, Json::refuseOthers)
          .build();

  private Json() {}

  private static void refuseOthers(MutableCoercionConfig to) {
    for (CoercionInputShape shape : CoercionInputShape.values()) {
      to.setCoercion(shape, CoercionAction.Fail);
    }
  }

  static byte[] bytes(Object value) {
    return text(value).getBytes(UTF_8);
  }

  /**
   * The same of an error, which people read on terminals: what commands one, or turns the direction
   * of writing, is escaped.
   */
  static byte[] printable(Problem problem) {
    return Printable.text(text(problem)).getBytes(UTF_8);
  }

  private static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that cannot be written as JSON", e);
    }
  }
}
