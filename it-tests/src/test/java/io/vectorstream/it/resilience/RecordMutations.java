package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * A generator of records from valid events, each changed in one of many ways, with the expected
 * result of each. The same seed makes the same records of the same events.
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
   * @param reason why it has to become a dead letter; null if it has to be stored
   * @param event the event that has to be stored; null for a dead letter
   */
  record Mutated(Kind kind, byte[] key, byte[] value, Reason reason, ObjectNode event) {}

  /** The interval of records with one record of each large kind. */
  private static final int LARGE_EVERY = 2_500;

  private static final int LARGE_CHARACTERS = 1_030_000;

  private static final List<String> TOP_TEXTS =
      List.of("event_id", "timestamp", "user_id", "event_type", "session_id");
  private static final List<String> OPTIONAL_TEXTS = List.of("payment_method", "search_query");
  private static final List<String> PRODUCT_TEXTS =
      List.of("id", "name", "description", "category");
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
                  oneOf(
                      "NaN", "Infinity", "-Infinity", "+1", "01", ".5", "1.", "0x1F", "1e", "--1")),
              Reason.NOT_JSON);
      case DEEP -> deep(json);
      case NOT_UTF8 ->
          new Mutated(
              kind,
              key(json),
              inserted(Shop.bytes(json), oneOf(NOT_UTF8)),
              Reason.INVALID_UTF8,
              null);
      case CONTROL_CHARACTER ->
          dead(
              kind,
              with(
                  json,
                  oneOf("/product/name", "/unknown"),
                  "\"a" + (char) random.nextInt(32) + "b\""),
              Reason.NOT_JSON);
      case UNUSUAL_TEXT -> unusualText(json);
      case LONE_SURROGATE -> loneSurrogate(json);
      case NOTHING -> nothing();
      case TRAILING_TEXT -> {
        String text = text(json);
        yield dead(
            kind,
            text
                + oneOf(" x", ",", "}", "]", " {}", "null", "0", "\u0000", text, "\n" + text, "//"),
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
              with(
                  json, "/event_type", oneOf("\"refund\"", "\"VIEW\"", "\"view \"", "7", "\"[]\"")),
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
    int large = random.nextInt(LARGE_EVERY);
    if (large < 2) {
      return large == 0 ? Kind.LARGE : Kind.LONG_ID;
    }
    // One in four stays valid, so that broken records always have valid ones beside them.
    return random.nextInt(4) == 0
        ? Kind.GOOD
        : Kind.values()[random.nextInt(Kind.LONG_ID.ordinal())];
  }

  private Mutated cut(ObjectNode json) {
    byte[] whole = text(json).getBytes(UTF_8);
    byte[] value = Arrays.copyOf(whole, random.nextInt(whole.length));
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
              with(
                  json,
                  "/quantity",
                  oneOf("9223372036854775808", "-9223372036854775809", "1" + "0".repeat(99))),
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
        .forEach(c -> escaped.append(c < 128 ? "" + (char) c : String.format("\\u%04x", c)));
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
    byte[] key = random.nextInt(3) == 0 ? null : oneOf("", "k").getBytes(UTF_8);
    return new Mutated(Kind.NOTHING, key, value, Reason.EMPTY, null);
  }

  private Mutated numberAsText(ObjectNode json) {
    String number = oneOf("1.50", "-0", "1e5", "12345678901234567890", "0", "-7.250", "1E400");
    if (random.nextInt(3) == 0) {
      String id = oneOf("1.5", "1e5", "-0", "-0.0", "1E400");
      return dead(Kind.NUMBER_AS_TEXT, with(json, "/event_id", id), Reason.WRONG_TYPE);
    }
    String field = "/event_id";
    if (random.nextBoolean()) {
      number = new BigInteger(128, random).toString();
    } else {
      field = oneOf("/user_id", "/session_id", "/payment_method", "/product/id");
    }
    byte[] value = with(json, field, number).getBytes(UTF_8);
    int slash = field.lastIndexOf('/');
    ((ObjectNode) json.at(field.substring(0, slash))).put(field.substring(slash + 1), number);
    return new Mutated(Kind.NUMBER_AS_TEXT, key(json), value, null, json);
  }

  private Mutated otherEncoding(ObjectNode json) {
    byte[] value =
        switch (random.nextInt(4)) {
          case 0 -> ("\ufeff" + text(json)).getBytes(UTF_8);
          case 1 -> text(json).getBytes(UTF_16LE);
          case 2 -> text(json).getBytes(UTF_16BE);
          default -> ("\ufeff" + text(json)).getBytes(UTF_16LE);
        };
    Reason reason = isUtf8(value) ? Reason.NOT_JSON : Reason.INVALID_UTF8;
    return new Mutated(Kind.OTHER_ENCODING, key(json), value, reason, null);
  }

  /** The last of them counts. */
  private Mutated duplicateKey(ObjectNode json) {
    String first =
        oneOf(
            "\"event_id\": \"another\"",
            "\"product\": null",
            "\"product\": {\"id\": \"another\", \"category\": \"none\"}",
            "\"event_type\": \"refund\"",
            "\"user_id\": null");
    byte[] value = ("{" + first + ", " + text(json).substring(1)).getBytes(UTF_8);
    return new Mutated(Kind.DUPLICATE_KEY, key(json), value, null, json);
  }

  private Mutated timestamp(ObjectNode json) {
    if (random.nextBoolean()) {
      return dead(
          Kind.TIMESTAMP,
          with(
              json,
              "/timestamp",
              oneOf(
                  "\"2024-01-15T10:30:00\"",
                  "\"2024-01-15 10:30:00Z\"",
                  "\"2023-02-29T10:30:00Z\"",
                  "\"2024-01-15T24:00:00Z\"",
                  "\"2024-01-15T10:30:00.1234567890Z\"",
                  "\"+12024-01-15T10:30:00Z\"",
                  "\"0000-01-01T00:00:00+01:00\"",
                  "\"9999-12-31T23:59:59-00:01\"",
                  "\"2024-01-15T10:30:00+19:00\"",
                  "\"2024-01-15T10:30:00 NZ\"",
                  "\"2024-01-15T10:30:00Z\\n\"",
                  "\"2024-01-15T10:30:00+03:00\\r\"",
                  "\"2024-01-15T10:30:00Z\\r\\n\"",
                  "\"2024-01-15T10:30:00Z\u0085\"",
                  "\"2024-01-15T10:30:00Z\u2028\"",
                  "\"" + "9".repeat(5000) + "\"",
                  "\"yesterday\\n\\u0000\"",
                  "1705314600",
                  "1.7e9")),
          Reason.INVALID_TIMESTAMP);
    }
    return stored(
        Kind.TIMESTAMP,
        json.put(
            "timestamp",
            oneOf(
                "0000-01-01T00:00:00Z",
                "0001-01-01T00:00Z",
                "1582-10-10T12:00:00+02:00",
                "1969-12-31T23:59:59.999999999Z",
                "1970-01-01T00:00:00-00:00",
                "2024-02-29T23:59:59.1-18:00",
                "2262-04-11T23:47:16.854775807Z",
                "9999-12-31T23:59:59.999999999Z")));
  }

  private Mutated longId(ObjectNode json) {
    String end = UUID.nameUUIDFromBytes(Shop.bytes(json)).toString();
    String id = oneOf("x", "ü", "😀").repeat(25_000) + end;
    if (random.nextInt(3) == 0) {
      ((ObjectNode) json.get("product")).put("id", id);
      return stored(Kind.LONG_ID, json);
    }
    return stored(Kind.LONG_ID, json.put(oneOf("event_id", "user_id", "session_id"), id));
  }

  /** Returns an event with a description of 1 MB, the most that a topic takes by default. */
  private Mutated large(ObjectNode json) {
    int language = random.nextInt(2);
    String word = language == 0 ? "oak and linen " : "çınar ağacı ";
    int times = LARGE_CHARACTERS / word.getBytes(UTF_8).length;
    ((ObjectNode) json.get("product"))
        .put("id", "large-" + language)
        .put("name", "Large")
        .put("category", "Large")
        .put("description", word.repeat(times));
    return stored(Kind.LARGE, json);
  }

  private Mutated stored(Kind kind, ObjectNode json) {
    return new Mutated(kind, key(json), text(json).getBytes(UTF_8), null, json);
  }

  private Mutated dead(Kind kind, String text, Reason reason) {
    byte[] key = oneOf("k", "", "\u00ff\u0000").getBytes(ISO_8859_1);
    return new Mutated(kind, key, text.getBytes(UTF_8), reason, null);
  }

  private byte[] key(ObjectNode json) {
    return random.nextInt(20) == 0 ? null : json.path("user_id").asText().getBytes(UTF_8);
  }

  /** The event with the field set to a value that need not be JSON. */
  private String with(ObjectNode json, String field, String value) {
    String marker = "marker-" + Long.toHexString(random.nextLong());
    ObjectNode changed = json.deepCopy();
    int slash = field.lastIndexOf('/');
    ((ObjectNode) changed.at(field.substring(0, slash))).put(field.substring(slash + 1), marker);
    return text(changed).replace("\"" + marker + "\"", value);
  }

  private byte[] inserted(byte[] value, byte[] bytes) {
    int at = 1 + random.nextInt(value.length - 1);
    while ((value[at] & 0xc0) == 0x80) {
      at--;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(value, 0, at);
    out.writeBytes(bytes);
    out.write(value, at, value.length - at);
    return out.toByteArray();
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Without escapes for emoji, which a mapper writes in bytes. */
  private static String text(ObjectNode json) {
    return json.toString();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @SafeVarargs
  private <T> T oneOf(T... values) {
    return values[random.nextInt(values.length)];
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
