package io.vectorstream.event;

import static io.vectorstream.event.BrokenRecordException.quote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vectorstream.shop.Product;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The parser of the products topic. A value is a product as JSON, or a change of a table's row as
 * Debezium writes it, with or without the schema that Kafka Connect's JSON converter adds. A record
 * without a value retires the product that its key names.
 */
final class ProductParser {

  private static final String ID = EventField.PRODUCT_ID.json();
  private static final String NAME = EventField.PRODUCT_NAME.json();
  private static final String DESCRIPTION = EventField.PRODUCT_DESCRIPTION.json();
  private static final String CATEGORY = EventField.PRODUCT_CATEGORY.json();
  private static final String PRICE = EventField.PRODUCT_PRICE.json();
  private static final String AVAILABLE = "available";

  /** The field of Debezium's flat rows that says whether the row was deleted. */
  private static final String DELETED = "__deleted";

  /** Debezium's codes for a row that was created, read by a snapshot, or updated. */
  private static final Set<String> UPSERTS = Set.of("c", "r", "u");

  private static final String DELETE = "d";

  private static final ObjectReader JSON =
      JsonMapper.builder(JsonFields.FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private final ConsumerRecord<byte[], byte[]> record;

  private ProductParser(ConsumerRecord<byte[], byte[]> record) {
    this.record = record;
  }

  /**
   * Parses a record.
   *
   * @throws BrokenRecordException if it neither describes nor retires a product
   */
  static ProductRecord parse(ConsumerRecord<byte[], byte[]> record) throws BrokenRecordException {
    return new ProductParser(record).parse();
  }

  private ProductRecord parse() throws BrokenRecordException {
    if (record.value() == null) {
      return retirement(MissingNode.getInstance());
    }
    JsonNode value = object(json(StrictEventParser.text(record.value())), "the value");
    JsonNode schema = MissingNode.getInstance();
    if (value.has("payload") && !value.has(ID)) {
      schema = value.path("schema");
      value = value.get("payload");
      if (value.isNull()) {
        return retirement(value);
      }
      object(value, "payload");
    }
    boolean isChange = value.has("op") && (value.has("before") || value.has("after"));
    return isChange && !value.has(ID) ? change(value, schema) : row(value, schema);
  }

  private ProductRecord change(JsonNode change, JsonNode schema) throws BrokenRecordException {
    String op = change.path("op").asText();
    if (op.equals(DELETE)) {
      return retirement(change.path("before"));
    }
    if (!UPSERTS.contains(op)) {
      throw new BrokenRecordException(
          Reason.WRONG_TYPE, "op is '%s', expected c, r, u or d".formatted(quote(op)));
    }
    return row(object(change.path("after"), "after"), field(schema, "after"));
  }

  private ProductRecord row(JsonNode row, JsonNode schema) throws BrokenRecordException {
    if (row.path(DELETED).asText().equals("true")) {
      return retirement(row);
    }
    String id = id(row.path(ID));
    String name = text(row, NAME);
    String description = text(row, DESCRIPTION);
    String category = text(row, CATEGORY);
    Double price = price(row.path(PRICE), field(schema, PRICE));
    StringBuilder missing = new StringBuilder();
    note(missing, ID, id);
    note(missing, NAME, name);
    note(missing, PRICE, price == null ? null : PRICE);
    if (!missing.isEmpty()) {
      throw new BrokenRecordException(Reason.MISSING_FIELD, "missing or empty: " + missing);
    }
    if (price < 0 || Double.isInfinite(price)) {
      throw new BrokenRecordException(
          Reason.INVALID_PRICE,
          "price is %s, expected a finite number of 0 or more"
              .formatted(quote(row.path(PRICE).asText())));
    }
    Product product = new Product(id, name, description, category, price);
    return of(id, product, available(row.path(AVAILABLE)));
  }

  private static void note(StringBuilder missing, String field, String value) {
    if (value == null || value.isBlank()) {
      missing.append(missing.isEmpty() ? "" : ", ").append(field);
    }
  }

  /**
   * @param row the deleted row, or its last state; need not be there
   */
  private ProductRecord retirement(JsonNode row) throws BrokenRecordException {
    String id = id(row.path(ID));
    return of(id == null ? idInKey() : id, null, false);
  }

  private ProductRecord of(String id, Product product, boolean available) {
    return new ProductRecord(
        record.partition(),
        record.offset(),
        RecordTimes.storable(record.timestamp()),
        id,
        product,
        available);
  }

  /**
   * Returns the product's id in the key: the key itself, a text in JSON, or the field {@code id} of
   * an object, or its only field, with or without Kafka Connect's schema.
   */
  private String idInKey() throws BrokenRecordException {
    if (record.key() == null || record.key().length == 0) {
      throw new BrokenRecordException(
          Reason.EMPTY, "the record has neither a value nor a key that names a product");
    }
    String key = StrictEventParser.text(record.key());
    JsonNode json;
    try {
      json = JSON.readTree(key);
    } catch (JsonProcessingException e) {
      return key;
    }
    if (json.has("payload") && !json.has(ID)) {
      json = json.get("payload");
    }
    if (json.isObject()) {
      json = json.has(ID) || json.size() != 1 ? json.path(ID) : json.elements().next();
    } else if (!json.isTextual()) {
      return key.strip();
    }
    String id = id(json);
    if (id == null || id.isBlank()) {
      throw new BrokenRecordException(
          Reason.MISSING_FIELD, "the record has no value, and its key has no id");
    }
    return id;
  }

  private static JsonNode json(String text) throws BrokenRecordException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BrokenRecordException(
          Reason.NOT_JSON, "the value is not JSON: " + quote(e.getOriginalMessage()));
    }
  }

  private static JsonNode object(JsonNode node, String name) throws BrokenRecordException {
    if (node.isObject()) {
      return node;
    }
    throw name.equals("the value")
        ? new BrokenRecordException(
            Reason.NOT_JSON, "the value is %s, expected one JSON object".formatted(kind(node)))
        : wrongType(name, node, "an object");
  }

  /** Returns Connect's schema of a field; a missing node where none came with the record. */
  private static JsonNode field(JsonNode schema, String name) {
    for (JsonNode field : schema.path("fields")) {
      if (field.path("field").asText().equals(name)) {
        return field;
      }
    }
    return MissingNode.getInstance();
  }

  private static String id(JsonNode node) throws BrokenRecordException {
    if (isAbsent(node)) {
      return null;
    }
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw wrongType(ID, node, "a text or a whole number");
    }
    return encodable(ID, node.asText());
  }

  private static String text(JsonNode row, String name) throws BrokenRecordException {
    JsonNode node = row.path(name);
    if (isAbsent(node)) {
      return null;
    }
    if (!node.isTextual() && !node.isNumber()) {
      throw wrongType(name, node, "a text");
    }
    return encodable(name, node.asText());
  }

  private static String encodable(String name, String text) throws BrokenRecordException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new BrokenRecordException(
          Reason.INVALID_UTF8, name + " has half a surrogate pair, which UTF-8 cannot hold");
    }
    return text;
  }

  /**
   * Returns the price. Debezium writes a decimal as a number, as a text, as its unscaled bytes in
   * base64 with the scale in the schema, or as an object of both.
   *
   * @return null if there is none
   */
  private static Double price(JsonNode node, JsonNode schema) throws BrokenRecordException {
    if (isAbsent(node)) {
      return null;
    }
    JsonNode scale = node.isObject() ? node.path("scale") : schema.at("/parameters/scale");
    JsonNode digits = node.isObject() ? node.path("value") : node;
    try {
      if (digits.isTextual() && !scale.isMissingNode()) {
        byte[] unscaled = Base64.getDecoder().decode(digits.textValue());
        return new BigDecimal(new BigInteger(unscaled), Integer.parseInt(scale.asText()))
            .doubleValue();
      }
      if (node.isNumber()) {
        return node.doubleValue();
      }
      if (node.isTextual()) {
        return new BigDecimal(node.textValue().strip()).doubleValue();
      }
    } catch (IllegalArgumentException e) {
      throw new BrokenRecordException(
          Reason.WRONG_TYPE, "price is '%s', expected a number".formatted(quote(node.asText())));
    }
    throw wrongType(PRICE, node, "a number");
  }

  /** Returns whether shoppers may see the product; a database may have 0 or 1 for it. */
  private static boolean available(JsonNode node) throws BrokenRecordException {
    String text = isAbsent(node) ? "true" : node.asText().strip();
    if (text.equalsIgnoreCase("true") || text.equals("1")) {
      return true;
    }
    if (text.equalsIgnoreCase("false") || text.equals("0")) {
      return false;
    }
    throw wrongType(AVAILABLE, node, "true or false");
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static BrokenRecordException wrongType(String name, JsonNode node, String expected) {
    return new BrokenRecordException(
        Reason.WRONG_TYPE, "%s is %s, expected %s".formatted(name, kind(node), expected));
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> JsonFields.Kind.OBJECT.toString();
      case ARRAY -> JsonFields.Kind.ARRAY.toString();
      case BOOLEAN -> JsonFields.Kind.BOOLEAN.toString();
      case NUMBER ->
          (node.isIntegralNumber() ? JsonFields.Kind.WHOLE_NUMBER : JsonFields.Kind.NUMBER)
              .toString();
      case STRING -> JsonFields.Kind.TEXT.toString();
      case MISSING -> "missing";
      default -> JsonFields.Kind.NULL.toString();
    };
  }
}
