package io.vectorstream.event;

import static io.vectorstream.event.BrokenRecordException.quote;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.event.JsonFields.Kind;
import io.vectorstream.event.JsonFields.Value;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parser that applies every rule of contract C1, and says what is wrong with a record that is
 * no event. {@link EventParser} leaves the records to it that it is not certain of.
 *
 * <p>A number where a text is expected is taken as the text that it is written as, {@code 1.50} as
 * "1.50". Only an event's id must be a text or a whole number.
 */
public final class StrictEventParser {

  /**
   * ISO-8601 with an offset and 0 to 9 fractional digits. The calendar decides whether the day
   * exists.
   */
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})");

  private static final List<EventField> REQUIRED =
      EventField.of(false).stream().filter(EventField::isRequired).toList();

  private static final List<EventField> REQUIRED_OF_PRODUCT =
      EventField.of(true).stream().filter(EventField::isRequired).toList();

  private final Map<String, Value> fields;
  private final Map<String, Value> product;

  private StrictEventParser(Map<String, Value> fields) throws BrokenRecordException {
    this.fields = fields;
    Value product = fields.get(EventField.PRODUCT);
    if (product != null && product.kind() != Kind.OBJECT) {
      throw wrongType(EventField.PRODUCT, product, "an object");
    }
    this.product = product == null ? null : product.fields();
  }

  /** Returns the event, or the dead letter with the reason why the record is no event. */
  public static ParsedRecord parse(
      byte[] value, int partition, long offset, long receivedAtMicros) {
    try {
      return new StrictEventParser(JsonFields.read(text(value)))
          .event(partition, offset, receivedAtMicros);
    } catch (BrokenRecordException e) {
      return new DeadLetter(partition, offset, receivedAtMicros, e.reason().code(), e.getMessage());
    }
  }

  /**
   * Returns what becomes of an event that is not read from bytes, by the same rules.
   *
   * @param event the event's JSON
   */
  static ParsedRecord parse(JsonNode event, int partition, long offset, long receivedAtMicros) {
    try {
      return new StrictEventParser(JsonFields.of(event)).event(partition, offset, receivedAtMicros);
    } catch (BrokenRecordException e) {
      return new DeadLetter(partition, offset, receivedAtMicros, e.reason().code(), e.getMessage());
    }
  }

  /**
   * Returns a value, or a key, as a text that is not blank.
   *
   * @param value null if there is none
   */
  static String text(byte[] value) throws BrokenRecordException {
    if (value == null) {
      throw new BrokenRecordException(Reason.EMPTY, "the record has no value");
    }
    String otherFormat = ValueStart.otherThanJson(value);
    if (otherFormat != null) {
      throw new BrokenRecordException(Reason.OTHER_FORMAT, otherFormat);
    }
    ByteBuffer bytes = ByteBuffer.wrap(value);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new BrokenRecordException(
          Reason.INVALID_UTF8,
          "the value is not valid UTF-8 from byte %d on, which is 0x%02x"
              .formatted(bytes.position(), value[bytes.position()]));
    }
    if (text.isBlank()) {
      throw new BrokenRecordException(Reason.EMPTY, "the value is empty or only white space");
    }
    return text;
  }

  private ShopEvent event(int partition, long offset, long receivedAtMicros)
      throws BrokenRecordException {
    String eventId = eventId();
    String timestamp = text(EventField.TIMESTAMP);
    String userId = text(EventField.USER_ID);
    String type = text(EventField.EVENT_TYPE);
    String sessionId = text(EventField.SESSION_ID);
    Product described = product == null ? null : product();
    Value quantity = quantity();
    Value totalAmount = number(EventField.TOTAL_AMOUNT);
    String paymentMethod = text(EventField.PAYMENT_METHOD);
    Value viewDuration = number(EventField.VIEW_DURATION);
    String searchQuery = text(EventField.SEARCH_QUERY);

    nothingMissing(REQUIRED);
    long eventTime = micros(timestamp);
    if (!EventType.names().contains(type)) {
      throw new BrokenRecordException(
          Reason.UNKNOWN_EVENT_TYPE,
          "event_type is '%s', expected one of %s"
              .formatted(quote(type), String.join(", ", EventType.names())));
    }
    boolean mayLackProduct =
        type.equals(EventType.SEARCH.json()) && searchQuery != null && !searchQuery.isEmpty();
    if (product == null && !mayLackProduct) {
      throw missing(EventField.PRODUCT);
    }
    if (product != null) {
      nothingMissing(REQUIRED_OF_PRODUCT);
      priceInRange();
    }
    return new ShopEvent(
        partition,
        offset,
        receivedAtMicros,
        eventId,
        timestamp,
        eventTime,
        userId,
        EventType.of(type),
        sessionId,
        described,
        quantity == null ? null : wholeNumber(quantity),
        totalAmount == null ? null : finite(EventField.TOTAL_AMOUNT, totalAmount),
        paymentMethod,
        viewDuration == null ? null : finite(EventField.VIEW_DURATION, viewDuration),
        searchQuery);
  }

  /**
   * Returns the event's id, which cannot be a number with a fraction or an exponent: Spark reads
   * such a number as a double, and brings copies of an event together by the id as it reads it.
   */
  private String eventId() throws BrokenRecordException {
    Value id = value(EventField.EVENT_ID);
    if (id != null && (id.kind() == Kind.NUMBER || isNumber(id) && id.text().equals("-0"))) {
      throw new BrokenRecordException(
          Reason.WRONG_TYPE,
          "event_id is the number %s, expected a text or a whole number"
              .formatted(quote(id.text())));
    }
    return text(EventField.EVENT_ID);
  }

  private Product product() throws BrokenRecordException {
    String id = text(EventField.PRODUCT_ID);
    String name = text(EventField.PRODUCT_NAME);
    String description = text(EventField.PRODUCT_DESCRIPTION);
    String category = text(EventField.PRODUCT_CATEGORY);
    Value price = number(EventField.PRODUCT_PRICE);
    return new Product(id, name, description, category, price == null ? 0 : price.number());
  }

  /** Returns a field's value; null if the event, or its product, has none. */
  private Value value(EventField field) {
    return (field.isOfProduct() ? product : fields).get(field.json());
  }

  private String text(EventField field) throws BrokenRecordException {
    Value value = value(field);
    if (value == null) {
      return null;
    }
    if (value.text() == null) {
      throw wrongType(field.path(), value, "a text");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.text())) {
      throw new BrokenRecordException(
          Reason.INVALID_UTF8,
          field.path() + " has half a surrogate pair, which UTF-8 cannot hold");
    }
    return value.text();
  }

  private static boolean isNumber(Value value) {
    return value.kind() == Kind.NUMBER || value.kind() == Kind.WHOLE_NUMBER;
  }

  private Value number(EventField field) throws BrokenRecordException {
    Value value = value(field);
    if (value != null && !isNumber(value)) {
      boolean readable = value.text() != null && LenientValues.number(value.text()) != null;
      throw wrongType(field.path(), value, "a number" + hint(readable));
    }
    return value;
  }

  private Value quantity() throws BrokenRecordException {
    Value value = value(EventField.QUANTITY);
    if (value != null && value.kind() != Kind.WHOLE_NUMBER) {
      BigDecimal number = value.text() == null ? null : LenientValues.number(value.text());
      boolean readable = number != null && LenientValues.isWhole(number);
      throw wrongType(EventField.QUANTITY.path(), value, "a whole number" + hint(readable));
    }
    return value;
  }

  private static Long wholeNumber(Value quantity) throws BrokenRecordException {
    try {
      return Long.valueOf(quantity.text());
    } catch (NumberFormatException e) {
      throw new BrokenRecordException(
          Reason.INVALID_AMOUNT,
          "quantity is %s, expected a whole number of at most 64 bits"
              .formatted(quote(quantity.text())));
    }
  }

  private static Double finite(EventField field, Value value) throws BrokenRecordException {
    if (Double.isInfinite(value.number())) {
      throw new BrokenRecordException(
          Reason.INVALID_AMOUNT,
          "%s is %s, expected a number that is finite as a double"
              .formatted(field.path(), quote(value.text())));
    }
    return value.number();
  }

  private void priceInRange() throws BrokenRecordException {
    Value price = value(EventField.PRODUCT_PRICE);
    if (price.number() < 0 || Double.isInfinite(price.number())) {
      throw new BrokenRecordException(
          Reason.INVALID_PRICE,
          "product.price is %s, expected a finite number of 0 or more"
              .formatted(quote(price.text())));
    }
  }

  /** Returns microseconds since 1970; further digits are cut off. */
  private static long micros(String timestamp) throws BrokenRecordException {
    if (TIMESTAMP.matcher(timestamp).matches()) {
      try {
        Instant instant = OffsetDateTime.parse(timestamp).toInstant();
        long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
        if (micros >= EventParser.EARLIEST_MICROS && micros <= EventParser.LATEST_MICROS) {
          return micros;
        }
      } catch (DateTimeException e) {
        // The day or time does not exist: the exception below says so.
      }
    }
    throw new BrokenRecordException(
        Reason.INVALID_TIMESTAMP,
        "timestamp is '%s', expected ISO-8601 with an offset, in the years 0 to 9999 of UTC%s"
            .formatted(quote(timestamp), hint(isReadable(timestamp))));
  }

  /** Returns whether a mapping reads a time that is not spelled as the contract wants it. */
  private static boolean isReadable(String timestamp) {
    return !TIMESTAMP.matcher(timestamp).matches()
        && (LenientValues.time(timestamp, null) != null || LenientValues.number(timestamp) != null);
  }

  private static String hint(boolean readable) {
    return readable ? "; kafka.mapping: vectorstream reads it" : "";
  }

  private void nothingMissing(List<EventField> required) throws BrokenRecordException {
    String missing =
        required.stream()
            .filter(field -> isMissing(value(field)))
            .map(EventField::path)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw missing(missing);
    }
  }

  private static boolean isMissing(Value value) {
    return value == null || value.kind() == Kind.TEXT && value.text().isEmpty();
  }

  private static BrokenRecordException missing(String names) {
    return new BrokenRecordException(Reason.MISSING_FIELD, "missing or empty: " + names);
  }

  private static BrokenRecordException wrongType(String name, Value value, String expected) {
    return new BrokenRecordException(
        Reason.WRONG_TYPE, "%s is %s, expected %s".formatted(name, value.kind(), expected));
  }
}
