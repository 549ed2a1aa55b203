package io.vectorstream.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The fields of a product that is a JSON object, as texts. */
final class JsonFields implements RowFields {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /** The fields that have a number or an object with one. */
  private static final Set<String> PRICES = Set.of("price", "saleprice");

  /** Zeros that make more than the three decimals which could be a group of thousands. */
  private static final String MORE_DECIMALS = "000";

  private final Map<String, JsonNode> fields = new HashMap<>();

  private JsonFields(JsonNode product) {
    product
        .properties()
        .forEach(field -> fields.putIfAbsent(ColumnNames.normal(field.getKey()), field.getValue()));
  }

  /**
   * @throws WrongRowException if the text is not one JSON object
   */
  static JsonFields of(String json) throws WrongRowException {
    JsonNode product;
    try {
      product = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new WrongRowException("is not JSON: " + e.getOriginalMessage(), false);
    }
    if (!product.isObject()) {
      throw new WrongRowException("is not a JSON object; expected one for each product", false);
    }
    return new JsonFields(product);
  }

  /** Returns the normalised names of its fields. */
  Set<String> names() {
    return fields.keySet();
  }

  @Override
  public String text(String name) throws WrongRowException {
    JsonNode value = fields.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (name.equals("variants")) {
      return lowestPrice(value);
    }
    if (PRICES.contains(name) && value.isObject()) {
      // As Google's and Shopify's interfaces have it, with the currency beside it.
      value = value.has("amount") ? value.get("amount") : value.path("value");
    }
    if (name.startsWith("categor") && value.isArray()) {
      return firstName(value);
    }
    if (value.isNumber()) {
      return PRICES.contains(name) ? number(value) : value.asText();
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

  /** Returns a number so that nobody takes its point for a mark between thousands. */
  private static String number(JsonNode value) {
    if (value.isIntegralNumber() || !Double.isFinite(value.doubleValue())) {
      return value.asText();
    }
    String plain = value.decimalValue().toPlainString();
    return plain.indexOf('.') < 0 ? plain : plain + MORE_DECIMALS;
  }

  private static String lowestPrice(JsonNode variants) throws WrongRowException {
    String lowest = null;
    for (JsonNode variant : variants) {
      String price = new JsonFields(variant).text("price");
      if (price != null
          && (lowest == null
              || PriceText.parse(price, DecimalMark.POINT)
                  < PriceText.parse(lowest, DecimalMark.POINT))) {
        lowest = price;
      }
    }
    return lowest;
  }

  /** Returns the first of a list of names, or of objects with names. */
  private static String firstName(JsonNode categories) {
    JsonNode first = categories.path(0);
    return (first.isObject() ? first.path("name") : first).asText();
  }
}
