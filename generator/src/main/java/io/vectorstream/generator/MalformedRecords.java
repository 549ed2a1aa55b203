package io.vectorstream.generator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The source of malformed records: it breaks valid events in eight ways, each equally often. */
final class MalformedRecords {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final List<String> REQUIRED =
      List.of("event_id", "timestamp", "user_id", "event_type", "session_id");
  private static final List<String> REQUIRED_OF_PRODUCT = List.of("id", "name", "price");
  private static final List<String> UNKNOWN_TYPES = List.of("click", "refund", "checkout", "like");

  /** Sequences of bytes that no UTF-8 text contains. */
  private static final byte[][] INVALID_UTF8 = {
    {(byte) 0xff}, {(byte) 0x80}, {(byte) 0xc3, '('}, {(byte) 0xe2, (byte) 0x82, ' '}
  };

  private static final byte[] NAME = "\"name\":\"".getBytes(StandardCharsets.US_ASCII);

  private enum Fault {
    NOT_JSON,
    CUT_OFF,
    MISSING_FIELD,
    WRONG_TYPE,
    NEGATIVE_PRICE,
    UNKNOWN_EVENT_TYPE,
    TIMESTAMP_WITHOUT_OFFSET,
    INVALID_UTF8
  }

  private static final Fault[] FAULTS = Fault.values();

  private final SplittableRandom random;

  MalformedRecords(SplittableRandom random) {
    this.random = random;
  }

  /**
   * @param event a valid event that has a product
   */
  byte[] breakEvent(byte[] event) {
    return switch (FAULTS[random.nextInt(FAULTS.length)]) {
      case NOT_JSON -> notJson(event);
      case CUT_OFF -> Arrays.copyOf(event, 1 + random.nextInt(event.length - 1));
      case MISSING_FIELD -> withoutField(parse(event));
      case WRONG_TYPE -> wrongType(parse(event));
      case NEGATIVE_PRICE -> negativePrice(parse(event));
      case UNKNOWN_EVENT_TYPE -> bytes(parse(event).put("event_type", oneOf(UNKNOWN_TYPES)));
      case TIMESTAMP_WITHOUT_OFFSET -> withoutOffset(parse(event));
      case INVALID_UTF8 -> invalidUtf8(event);
    };
  }

  private byte[] notJson(byte[] event) {
    ObjectNode fields = parse(event);
    return (fields.path("event_type").asText() + " by " + fields.path("user_id").asText())
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] withoutField(ObjectNode event) {
    // A search needs no product, and it is not defined whether half a product makes it invalid.
    boolean anyField = !event.path("event_type").asText().equals("search");
    int chosen = random.nextInt(REQUIRED.size() + (anyField ? 1 + REQUIRED_OF_PRODUCT.size() : 0));
    if (chosen < REQUIRED.size()) {
      event.remove(REQUIRED.get(chosen));
    } else if (chosen == REQUIRED.size()) {
      event.remove("product");
    } else {
      event
          .withObjectProperty("product")
          .remove(REQUIRED_OF_PRODUCT.get(chosen - REQUIRED.size() - 1));
    }
    return bytes(event);
  }

  /** Returns the event with a field of a type that no lenient reader turns into a valid one. */
  private byte[] wrongType(ObjectNode event) {
    switch (random.nextInt(4)) {
      case 0 -> event.put("product", event.path("product").path("id").asText());
      case 1 -> event.withObjectProperty("product").put("price", "free");
      case 2 -> event.put("timestamp", true);
      default -> event.putArray("event_type").add("view");
    }
    return bytes(event);
  }

  private byte[] negativePrice(ObjectNode event) {
    ObjectNode product = event.withObjectProperty("product");
    product.put("price", product.path("price").decimalValue().negate().subtract(BigDecimal.ONE));
    return bytes(event);
  }

  private byte[] withoutOffset(ObjectNode event) {
    String timestamp = event.path("timestamp").asText();
    return bytes(event.put("timestamp", timestamp.substring(0, timestamp.length() - 1)));
  }

  /** Puts the bytes at the start of the product's name. */
  private byte[] invalidUtf8(byte[] event) {
    byte[] invalid = INVALID_UTF8[random.nextInt(INVALID_UTF8.length)];
    int at = indexAfter(event, NAME);
    byte[] broken = new byte[event.length + invalid.length];
    System.arraycopy(event, 0, broken, 0, at);
    System.arraycopy(invalid, 0, broken, at, invalid.length);
    System.arraycopy(event, at, broken, at + invalid.length, event.length - at);
    return broken;
  }

  private static int indexAfter(byte[] text, byte[] wanted) {
    int at = 0;
    while (!Arrays.equals(text, at, at + wanted.length, wanted, 0, wanted.length)) {
      at++;
    }
    return at + wanted.length;
  }

  private String oneOf(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static ObjectNode parse(byte[] event) {
    try {
      return (ObjectNode) JSON.readTree(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(ObjectNode event) {
    try {
      return JSON.writeValueAsBytes(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
