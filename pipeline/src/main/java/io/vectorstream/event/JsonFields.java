package io.vectorstream.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The fields of one JSON object (RFC 8259) as written, with nothing after the object. Of several
 * fields with the same name the last counts. Objects other than {@code product}, and arrays, are
 * skipped but must be valid JSON.
 */
final class JsonFields {

  /** The maximal nesting depth of objects. */
  static final int DEEPEST = 1000;

  /** The maximal length of a number, in digits. */
  static final int LONGEST_NUMBER = 1000;

  /** The maximal length of a field's name, in characters. */
  static final int LONGEST_NAME = 50_000;

  /** No limit: Kafka limits the length of a text. */
  static final int LONGEST_TEXT = Integer.MAX_VALUE;

  /**
   * The most tokens of a value that becomes a tree: each takes far more memory than it has bytes.
   */
  static final int MOST_TOKENS = 1_000_000;

  private static final Set<String> KNOWN = EventField.names(false);
  private static final Set<String> KNOWN_OF_PRODUCT = EventField.names(true);

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(LONGEST_NUMBER)
                  .maxNameLength(LONGEST_NAME)
                  .maxStringLength(LONGEST_TEXT)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // Names come from outside: interned names would stay in memory for ever.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  static final JsonFactory TREE_FACTORY =
      FACTORY
          .rebuild()
          .streamReadConstraints(
              FACTORY.streamReadConstraints().rebuild().maxTokenCount(MOST_TOKENS).build())
          .build();

  /** Reads trees whose numbers have all their digits. */
  private static final ObjectMapper TREES =
      JsonMapper.builder(TREE_FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  enum Kind {
    TEXT("text"),
    WHOLE_NUMBER("a whole number"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    OBJECT("an object"),
    ARRAY("an array"),
    NULL("null");

    private final String inWords;

    Kind(String inWords) {
      this.inWords = inWords;
    }

    @Override
    public String toString() {
      return inWords;
    }
  }

  /**
   * A value that is not null.
   *
   * @param text a text, or a number exactly as written; null for the other kinds
   * @param number a number's nearest double, infinite if it exceeds the range of doubles; 0 for
   *     other kinds
   * @param fields of the product; null for anything else
   */
  record Value(Kind kind, String text, double number, Map<String, Value> fields) {}

  private JsonFields() {}

  /**
   * Reads a text that must be one JSON object.
   *
   * @return its fields by name, without those that are null
   * @throws BrokenRecordException if the text is anything but one JSON object
   */
  static Map<String, Value> read(String json) throws BrokenRecordException {
    return read(
        FACTORY,
        json,
        parser -> {
          requireObject(kind(parser.nextToken()));
          return object(parser, KNOWN);
        });
  }

  /** Reads a text that must be one JSON value of any kind, within the same limits. */
  static JsonNode tree(String json) throws BrokenRecordException {
    try {
      return read(TREE_FACTORY, json, TREES::readTree);
    } catch (NumberFormatException e) {
      throw notJson(
          "the value exceeds the limits of what is read as JSON: a number has an exponent of more"
              + " than 32 bits");
    }
  }

  /**
   * Returns the fields of an event, as {@link #read(String)} does.
   *
   * @throws BrokenRecordException if it is not a JSON object
   */
  static Map<String, Value> of(JsonNode event) throws BrokenRecordException {
    requireObject(kind(event.asToken()));
    return object(event, KNOWN);
  }

  private static void requireObject(Kind kind) throws BrokenRecordException {
    if (kind != Kind.OBJECT) {
      throw notJson("the value is " + kind + ", expected one JSON object");
    }
  }

  private interface Reading<T> {
    T read(JsonParser parser) throws IOException, BrokenRecordException;
  }

  private static <T> T read(JsonFactory factory, String json, Reading<T> reading)
      throws BrokenRecordException {
    try (JsonParser parser = factory.createParser(json)) {
      T read = reading.read(parser);
      endsHere(parser);
      return read;
    } catch (StreamConstraintsException e) {
      throw notJson(
          "the value exceeds the limits of what is read as JSON: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw notJson(
          "the value is not JSON at character %d: %s"
              .formatted(
                  e.getLocation() == null ? 0 : e.getLocation().getCharOffset(),
                  BrokenRecordException.quote(e.getOriginalMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void endsHere(JsonParser parser) throws IOException, BrokenRecordException {
    long end = parser.currentLocation().getCharOffset();
    boolean more;
    try {
      more = parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      more = true;
    }
    if (more) {
      throw notJson("the JSON object ends at character " + end + ", but there is more after it");
    }
  }

  private static Map<String, Value> object(JsonParser parser, Set<String> known)
      throws IOException {
    Map<String, Value> fields = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (!known.contains(name)) {
        parser.skipChildren();
      } else if (token == JsonToken.VALUE_NULL) {
        fields.remove(name);
      } else {
        fields.put(name, value(parser, name));
      }
    }
    return fields;
  }

  private static Map<String, Value> object(JsonNode object, Set<String> known) {
    Map<String, Value> fields = new HashMap<>();
    for (String name : known) {
      JsonNode value = object.get(name);
      if (value != null && !value.isNull()) {
        fields.put(name, value(value, name));
      }
    }
    return fields;
  }

  private static Value value(JsonNode node, String name) {
    Kind kind = kind(node.asToken());
    return switch (kind) {
      case TEXT -> new Value(kind, node.textValue(), 0, null);
      case WHOLE_NUMBER, NUMBER -> new Value(kind, node.asText(), finiteOrInfinite(node), null);
      default -> {
        boolean product = kind == Kind.OBJECT && name.equals(EventField.PRODUCT);
        yield new Value(kind, null, 0, product ? object(node, KNOWN_OF_PRODUCT) : null);
      }
    };
  }

  /** Returns a number as a double. JSON has no "not a number", but other formats do. */
  private static double finiteOrInfinite(JsonNode number) {
    double value = number.doubleValue();
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
  }

  private static Value value(JsonParser parser, String name) throws IOException {
    Kind kind = kind(parser.currentToken());
    return switch (kind) {
      case TEXT -> new Value(kind, parser.getText(), 0, null);
      case WHOLE_NUMBER, NUMBER -> new Value(kind, parser.getText(), parser.getDoubleValue(), null);
      case OBJECT, ARRAY, BOOLEAN -> {
        boolean product = kind == Kind.OBJECT && name.equals(EventField.PRODUCT);
        Map<String, Value> fields = product ? object(parser, KNOWN_OF_PRODUCT) : null;
        parser.skipChildren();
        yield new Value(kind, null, 0, fields);
      }
      case NULL -> throw new IllegalArgumentException("null has no value");
    };
  }

  private static Kind kind(JsonToken token) {
    return switch (token) {
      case VALUE_STRING -> Kind.TEXT;
      case VALUE_NUMBER_INT -> Kind.WHOLE_NUMBER;
      case VALUE_NUMBER_FLOAT -> Kind.NUMBER;
      case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
      case START_OBJECT -> Kind.OBJECT;
      case START_ARRAY -> Kind.ARRAY;
      case VALUE_NULL -> Kind.NULL;
      default -> throw new IllegalArgumentException("not the start of a value: " + token);
    };
  }

  private static BrokenRecordException notJson(String detail) {
    return new BrokenRecordException(Reason.NOT_JSON, detail);
  }
}
