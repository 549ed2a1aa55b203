package io.vectorstream.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.EventField;
import io.vectorstream.event.LenientValues;
import io.vectorstream.event.Reason;
import java.math.BigDecimal;
import java.util.StringJoiner;

/**
 * The conversion of a value into the type of a field. What it cannot convert it leaves as it is,
 * for the parser to say what is wrong.
 */
final class Coercion {

  private Coercion() {}

  /**
   * Returns a value for a text field: an id that is a whole number has no fraction, and the words
   * of a search may be an array.
   */
  static JsonNode text(EventField field, JsonNode value) {
    if (field == EventField.SEARCH_QUERY && value.isArray()) {
      return words(value);
    }
    if (!value.isNumber()) {
      return value;
    }
    return TextNode.valueOf(field.isId() ? wholeText(value) : value.asText());
  }

  private static JsonNode words(JsonNode array) {
    StringJoiner words = new StringJoiner(" ");
    for (JsonNode element : array) {
      if (element.isContainerNode()) {
        return array;
      }
      String word = element.isNull() ? "" : element.asText().strip();
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return TextNode.valueOf(words.toString());
  }

  /** Returns a number as a text, {@code 17.0} as {@code 17}; any other value as it is. */
  static String wholeText(JsonNode value) {
    if (!value.isNumber() || value.isIntegralNumber()) {
      return value.asText();
    }
    BigDecimal number = value.decimalValue();
    return LenientValues.isWhole(number) ? number.toBigInteger().toString() : value.asText();
  }

  static JsonNode wholeNumber(JsonNode value) {
    BigDecimal number = numberOrNull(value);
    return number != null && LenientValues.isWhole(number)
        ? BigIntegerNode.valueOf(number.toBigInteger())
        : value;
  }

  /**
   * Returns the number that a value is, or that its text stands for.
   *
   * @throws BrokenRecordException if it is neither
   */
  static BigDecimal number(EventField field, Expression.Found found) throws BrokenRecordException {
    BigDecimal number = numberOrNull(found.value());
    if (number == null) {
      throw new BrokenRecordException(
          Reason.WRONG_TYPE,
          "%s (%s) is %s, expected a number"
              .formatted(
                  field.path(),
                  found.source(),
                  found.value().isTextual()
                      ? "'" + BrokenRecordException.quote(found.value().textValue()) + "'"
                      : "of another type"));
    }
    return number;
  }

  /** Returns a number as JSON. */
  static JsonNode json(BigDecimal number) {
    return DecimalNode.valueOf(number);
  }

  /** Returns the number that a value is, or that its text stands for; null if it is neither. */
  static BigDecimal numberOrNull(JsonNode value) {
    if (value.isTextual()) {
      return LenientValues.number(value.textValue());
    }
    if (!value.isNumber()) {
      return null;
    }
    boolean isFinite = !value.isFloatingPointNumber() || Double.isFinite(value.doubleValue());
    return isFinite || value.isBigDecimal() ? value.decimalValue() : null;
  }
}
