package io.vectorstream.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The fields of a product that is a JSON object, as texts. */
final class JsonRow implements RowFields {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /** The fields that have a number or an object with one. */
  private static final Set<String> PRICES = Set.of("price", "saleprice");

  /** Up to here a double has every whole number. */
  private static final double LARGEST_WHOLE = 1L << 53;

  private final Map<String, JsonNode> fields = new HashMap<>();

  private JsonRow(JsonNode product) {
    product
        .properties()
        .forEach(field -> fields.putIfAbsent(ColumnNames.normal(field.getKey()), field.getValue()));
  }

  /**
   * @throws WrongRowException if the text is not one JSON object
   */
  static JsonRow of(String json) throws WrongRowException {
    JsonNode product;
    try {
      product = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new WrongRowException("is not JSON: " + e.getOriginalMessage(), false);
    }
    if (!product.isObject()) {
      throw new WrongRowException("is not a JSON object; expected one for each product", false);
    }
    return new JsonRow(product);
  }

  /** Returns the normalised names of its fields. */
  Set<String> names() {
    return fields.keySet();
  }

  @Override
  public String text(String name) throws WrongRowException {
    JsonNode value = value(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isNumber()) {
      return isWhole(value) ? Long.toString(value.longValue()) : value.asText();
    }
    if (!value.isTextual()) {
      throw new WrongRowException(
          "%s is %s; expected a %s"
              .formatted(
                  name,
                  value.getNodeType().name().toLowerCase(Locale.ROOT),
                  PRICES.contains(name) ? "number" : "text"),
          false);
    }
    return value.textValue();
  }

  /** Returns whether it is such a number as 17.0, which a mapping of events reads as 17. */
  private static boolean isWhole(JsonNode number) {
    return number.isFloatingPointNumber()
        && Math.abs(number.doubleValue()) < LARGEST_WHOLE
        && number.doubleValue() == number.longValue();
  }

  @Override
  public Double number(String name) throws WrongRowException {
    JsonNode value = value(name);
    return value != null && value.isNumber() ? value.doubleValue() : null;
  }

  private JsonNode value(String name) throws WrongRowException {
    JsonNode value = fields.get(name);
    if (value == null) {
      return null;
    }
    if (name.equals("variants")) {
      return lowestPrice(value);
    }
    if (PRICES.contains(name) && value.isObject()) {
      // As Google's and Shopify's interfaces have it, with the currency beside it.
      return value.has("amount") ? value.get("amount") : value.path("value");
    }
    return name.startsWith("categor") && value.isArray() ? firstName(value) : value;
  }

  private static JsonNode lowestPrice(JsonNode variants) throws WrongRowException {
    JsonNode lowest = null;
    double least = Double.POSITIVE_INFINITY;
    for (JsonNode variant : variants) {
      JsonRow fields = new JsonRow(variant);
      String text = fields.text("price");
      Double number = fields.number("price");
      if (text != null) {
        double price = number == null ? PriceText.parse(text, DecimalMark.POINT) : number;
        if (lowest == null || price < least) {
          lowest = fields.value("price");
          least = price;
        }
      }
    }
    return lowest;
  }

  /** Returns the first of a list of names, or of objects with names. */
  private static JsonNode firstName(JsonNode categories) {
    JsonNode first = categories.path(0);
    return TextNode.valueOf((first.isObject() ? first.path("name") : first).asText());
  }
}
