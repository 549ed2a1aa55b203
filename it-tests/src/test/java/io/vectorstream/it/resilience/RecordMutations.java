package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.event.Reason;
import io.vectorstream.it.Shop;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Makes records out of good events, each in one of many ways, and knows what has to become of each.
 * The same seed makes the same records of the same events.
 */
final class RecordMutations {

  enum Kind {
    GOOD,
    CUT,
    WRONG_TYPE,
    MISSING,
    WRONG_NESTING,
    HUGE_NUMBER,
    NOT_A_NUMBER,
    DEEP,
    NOT_UTF8,
    CONTROL_CHARACTER,
    UNUSUAL_TEXT,
    LONE_SURROGATE,
    NOTHING,
    TRAILING_TEXT,
    ARRAY,
    NUMBER_AS_TEXT,
    OTHER_ENCODING,
    DUPLICATE_KEY,
    UNKNOWN_FIELD,
    TIMESTAMP,
    UNKNOWN_TYPE,
    PRICE,
    NOT_QUITE_JSON,
    LONG_ID,
    LARGE
  }

  /**
   * @param key null for none
   * @param value null for a tombstone
   * @param reason why it has to be a dead letter; null if it has to be stored
   * @param event what has to be stored; null for a dead letter
   */
  record Mutated(Kind kind, byte[] key, byte[] value, Reason reason, ObjectNode event) {}

  /** These are large; there is one in so many records. */
  private static final int LARGE_EVERY = 2_500;

  private static final int LARGE_CHARACTERS = 1_030_000;

  private static final List<String> TOP_TEXTS =
      List.of("event_id", "timestamp", "user_id", "event_type", "session_id");
  private static final List<String> OPTIONAL_TEXTS = List.of("payment_method", "search_query");
  private static final List<String> PRODUCT_TEXTS = List.of("id", "name", "description", "category");
  private static final List<String> NO_TEXTS =
      List.of("true", "false", "{}", "[]", "{\"a\": 1}", "[\"x\", {\"y\": [1.50]}]");

  private static final List<String> UNUSUAL =
      List.of(
          "سماعات لاسلكية \u200fאוזניות",
          "👩‍👩‍👧‍👦 🛍️ 🇹🇷 𝒳",
          "[NEW] Lamp",
          "{curly}",
          "true",
          "false",
          "null",
          "NaN",
          "0",
          "-0",
          "1.50",
          "1E5",
          "\"Infinity\"",
          "İıŞş Çaydanlık",
          "Cafe\u0301 \u202e reversed",
          "a\u0000b\u0001\u001f",
          "\ufeffmark \ufffd ? \uffff",
          " ",
          "tab\tline\nquote\" back\\slash/");

  private static final List<byte[]> NOT_UTF8 =
      List.of(
          bytes(0xff),
          bytes(0x80),
          bytes(0xc3),
          bytes(0xc0, 0x80),
          bytes(0xed, 0xa0, 0x80),
          bytes(0xe0, 0x80, 0xaf),
          bytes(0xf4, 0x90, 0x80, 0x80),
          bytes(0xf0, 0x9f, 0x98),
          bytes(0xf8, 0x88, 0x80, 0x80, 0x80));

  private final Random random;

  RecordMutations(long seed) {
    this.random = new Random(seed);
  }

  /**
   * @param json a valid event, with a product, that is no search; may be changed
   */
  Mutated mutate(ObjectNode json) {
    Kind kind = kind();
    return switch (kind) {
      case GOOD -> stored(kind, json);
      case CUT -> cut(json);
      case WRONG_TYPE -> wrongType(json);
      case MISSING -> dead(kind, missing(json), Reason.MISSING_FIELD);
      case WRONG_NESTING -> dead(kind, wrongNesting(json), Reason.MISSING_FIELD);
      case HUGE_NUMBER -> hugeNumber(json);
      case NOT_A_NUMBER ->
          dead(
              kind,
              with(
                  json,
                  oneOf("/product/price", "/total_amount", "/quantity", "/unknown"),
                  oneOf("NaN", "Infinity", "-Infinity", "+1", "01", ".5", "1.", "0x1F", "1e", "--1")),
              Reason.NOT_JSON);
      case DEEP -> deep(json);
      case NOT_UTF8 ->
          new Mutated(
              kind, key(json), inserted(Shop.bytes(json), oneOf(NOT_UTF8)), Reason.INVALID_UTF8, null);
      case CONTROL_CHARACTER ->
          dead(
              kind,
              with(json, oneOf("/product/name", "/unknown"), "\"a" + (char) random.nextInt(32) + "b\""),
              Reason.NOT_JSON);
      case UNUSUAL_TEXT -> unusualText(json);
      case LONE_SURROGATE -> loneSurrogate(json);
      case NOTHING -> nothing();
      case TRAILING_TEXT -> {
        String text = text(json);
        yield dead(
            kind,
            text + oneOf(" x", ",", "}", "]", " {}", "null", "0", "\u0000", text, "\n" + text, "//"),
            Reason.NOT_JSON);
      }
      case ARRAY ->
          dead(
              kind,
              oneOf("[" + text(json) + "]", "[]", "\"text\"", "12", "null", "true"),
              Reason.NOT_JSON);
      case NUMBER_AS_TEXT -> numberAsText(json);
      case OTHER_ENCODING -> otherEncoding(json);
      case DUPLICATE_KEY -> duplicateKey(json);
      case UNKNOWN_FIELD -> {
        ObjectNode sent = json.deepCopy();
        sent.putObject("context").put("agent", "}{][\",:").putArray("tags").add(1.50).addNull();
        sent.withObjectProperty("product").putNull("colour").putArray("sizes").addObject();
        yield new Mutated(kind, key(json), Shop.bytes(sent), null, json);
      }
      case TIMESTAMP -> timestamp(json);
      case UNKNOWN_TYPE ->
          dead(
              kind,
              with(json, "/event_type", oneOf("\"refund\"", "\"VIEW\"", "\"view \"", "7", "\"[]\"")),
              Reason.UNKNOWN_EVENT_TYPE);
      case PRICE ->
          dead(
              kind,
              with(json, "/product/price", oneOf("-0.01", "-1e-300", "1e400", "-1", "-1e400")),
              Reason.INVALID_PRICE);
      case NOT_QUITE_JSON ->
          dead(
              kind,
              oneOf(
                  text(json).replace('"', '\''),
                  text(json).replace("\"event_id\"", "event_id"),
                  text(json).replaceFirst("}$", ",}"),
                  text(json).replaceFirst(",", ",,"),
                  "/* */" + text(json),
                  "# \n" + text(json),
                  text(json).replaceFirst(":", "="),
                  "not JSON"),
              Reason.NOT_JSON);
      case LONG_ID -> longId(json);
      case LARGE -> large(json);
    };
  }

  private Kind kind() {
    if (random.nextInt(LARGE_EVERY) == 0) {
      return random.nextBoolean() ? Kind.LARGE : Kind.LONG_ID;
    }
    // One in four stays good, so that broken records always have good ones about them.
    return random.nextInt(4) == 0 ? Kind.GOOD : Kind.values()[random.nextInt(Kind.LONG_ID.ordinal())];
  }

  private Mutated cut(ObjectNode json) {
    byte[] whole = Shop.bytes(json);
    byte[] value = java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
    Reason reason =
        value.length == 0 ? Reason.EMPTY : isUtf8(value) ? Reason.NOT_JSON : Reason.INVALID_UTF8;
    return new Mutated(Kind.CUT, key(json), value, reason, null);
  }

  private Mutated wrongType(ObjectNode json) {
    String text =
        switch (random.nextInt(5)) {
          case 0 -> with(json, "/" + oneOf(TOP_TEXTS), oneOf(NO_TEXTS));
          case 1 -> with(json, "/" + oneOf(OPTIONAL_TEXTS), oneOf(NO_TEXTS));
          case 2 -> with(json, "/product/" + oneOf(PRODUCT_TEXTS), oneOf(NO_TEXTS));
          case 3 -> with(json, "/product", oneOf("\"p-1\"", "[]", "[{}]", "5", "true", "\"\""));
          default ->
              with(
                  json,
                  oneOf("/quantity", "/total_amount", "/view_duration", "/product/price"),
                  oneOf("\"12.5\"", "\"\"", "\"NaN\"", "true", "[1]", "{}"));
        };
    return dead(
        Kind.WRONG_TYPE,
        random.nextInt(10) == 0 ? with(json, "/quantity", oneOf("1.5", "1e2", "2.0")) : text,
        Reason.WRONG_TYPE);
  }

  private String missing(ObjectNode json) {
    String field =
        random.nextBoolean()
            ? "/" + oneOf(TOP_TEXTS)
            : oneOf("/product", "/product/id", "/product/name", "/product/price");
    boolean mayBeEmpty = !field.equals("/product") && !field.endsWith("price");
    return switch (random.nextInt(3)) {
      case 0 -> with(json, field, "null");
      case 1 -> with(json, field, mayBeEmpty ? "\"\"" : "null");
      default -> {
        int slash = field.lastIndexOf('/');
        ((ObjectNode) json.at(field.substring(0, slash))).remove(field.substring(slash + 1));
        yield text(json);
      }
    };
  }

  private String wrongNesting(ObjectNode json) {
    return switch (random.nextInt(4)) {
      case 0 -> "{\"event\": " + text(json) + "}";
      case 1 -> with(json, "/product", "{\"product\": " + json.get("product") + "}");
      case 2 -> {
        JsonNode product = json.remove("product");
        product.properties().forEach(field -> json.set(field.getKey(), field.getValue()));
        yield text(json);
      }
      default -> "{\"product\": " + text(json) + "}";
    };
  }

  private Mutated hugeNumber(ObjectNode json) {
    json.put("event_type", "view");
    ((ObjectNode) json.get("product")).put("id", "huge");
    return switch (random.nextInt(7)) {
      case 0 -> dead(Kind.HUGE_NUMBER, with(json, "/product/price", "1e999"), Reason.INVALID_PRICE);
      case 1 ->
          dead(
              Kind.HUGE_NUMBER,
              with(json, oneOf("/total_amount", "/view_duration"), oneOf("1e400", "-1e309")),
              Reason.INVALID_AMOUNT);
      case 2 ->
          dead(
              Kind.HUGE_NUMBER,
              with(json, "/quantity", oneOf("9223372036854775808", "-9223372036854775809", "1" + "0".repeat(99))),
              Reason.INVALID_AMOUNT);
      case 3 ->
          dead(
              Kind.HUGE_NUMBER,
              with(json, oneOf("/product/price", "/quantity", "/unknown"), "1".repeat(1001)),
              Reason.NOT_JSON);
      case 4 -> stored(Kind.HUGE_NUMBER, json.put("quantity", Long.MAX_VALUE - 7));
      case 5 -> stored(Kind.HUGE_NUMBER, json.put("total_amount", -1.7e308));
      default -> {
        ((ObjectNode) json.get("product")).put("price", Double.MAX_VALUE);
        yield stored(Kind.HUGE_NUMBER, json);
      }
    };
  }

  /** The event is one level, and there may be 1,000. */
  private Mutated deep(ObjectNode json) {
    int levels = random.nextBoolean() ? 1 + random.nextInt(999) : 1000 + random.nextInt(20_000);
    String value =
        random.nextBoolean()
            ? "[".repeat(levels) + "]".repeat(levels)
            : "{\"x\":".repeat(levels) + "1" + "}".repeat(levels);
    String text = with(json, "/unknown", value);
    return levels < 1000
        ? new Mutated(Kind.DEEP, key(json), text.getBytes(UTF_8), null, json)
        : dead(Kind.DEEP, text, Reason.NOT_JSON);
  }

  private Mutated unusualText(ObjectNode json) {
    int chosen = random.nextInt(UNUSUAL.size());
    String text = UNUSUAL.get(chosen);
    json.put(oneOf("session_id", "payment_method", "user_id"), text);
    if (random.nextBoolean()) {
      ((ObjectNode) json.get("product"))
          .put("id", "unusual-" + chosen)
          .put("name", text)
          .put("description", text)
          .put("category", text);
    }
    if (random.nextBoolean()) {
      return stored(Kind.UNUSUAL_TEXT, json);
    }
    StringBuilder escaped = new StringBuilder();
    text(json)
        .chars()
        .forEach(
            c -> escaped.append(c < 128 ? "" + (char) c : String.format("\\u%04x", c)));
    return new Mutated(
        Kind.UNUSUAL_TEXT, key(json), escaped.toString().getBytes(UTF_8), null, json);
  }

  private Mutated loneSurrogate(ObjectNode json) {
    String half = oneOf("\"\\ud83d\"", "\"x\\uDE00y\"", "\"\\udE00\\ud83d\"", "\"\\uD800\\u0041\"");
    if (random.nextInt(4) == 0) {
      byte[] value = with(json, "/unknown", half).getBytes(UTF_8);
      return new Mutated(Kind.LONE_SURROGATE, key(json), value, null, json);
    }
    String field =
        random.nextBoolean()
            ? "/product/" + oneOf(PRODUCT_TEXTS)
            : "/" + (random.nextBoolean() ? oneOf(TOP_TEXTS) : oneOf(OPTIONAL_TEXTS));
    return dead(Kind.LONE_SURROGATE, with(json, field, half), Reason.INVALID_UTF8);
  }

  private Mutated nothing() {
    byte[] value = random.nextInt(3) == 0 ? null : oneOf("", " ", "\n", " \r\n\t ").getBytes(UTF_8);
    return new Mutated(Kind.NOTHING, oneOf(null, "k", "").map(), value, Reason.EMPTY, null);
  }
}
