package io.vectorstream.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vectorstream.event.IncomingRecord;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;

/** The source of a value: a place in the record's JSON, a constant, or the record itself. */
sealed interface Source extends Serializable {

  /** Returns the value; null if there is none. */
  JsonNode in(Scope scope);

  /** Returns the path that it is; null if it is none. */
  default FieldPath path() {
    return null;
  }

  /** A place in the JSON. */
  record Place(FieldPath path) implements Source {
    @Override
    public JsonNode in(Scope scope) {
      return scope.value(path);
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A constant. */
  record Constant(String text) implements Source {
    @Override
    public JsonNode in(Scope scope) {
      return TextNode.valueOf(text);
    }

    @Override
    public String toString() {
      return "=" + text;
    }
  }

  /** The record's key, as text. */
  record Key() implements Source {
    @Override
    public JsonNode in(Scope scope) {
      return text(scope.record().key());
    }

    @Override
    public String toString() {
      return "$key";
    }
  }

  /** The name of the record's topic. */
  record Topic() implements Source {
    @Override
    public JsonNode in(Scope scope) {
      return TextNode.valueOf(scope.record().topic());
    }

    @Override
    public String toString() {
      return "$topic";
    }
  }

  /** The record's time in Kafka, in milliseconds since 1970. */
  record Time() implements Source {
    @Override
    public JsonNode in(Scope scope) {
      return LongNode.valueOf(millis(scope.record()));
    }

    @Override
    public String toString() {
      return "$time";
    }
  }

  /** A header, whatever the case of its name; the last of several. */
  record InHeader(String name) implements Source {
    @Override
    public JsonNode in(Scope scope) {
      List<Header> headers = scope.record().headers();
      for (int i = headers.size() - 1; i >= 0; i--) {
        if (headers.get(i).key().equalsIgnoreCase(name)) {
          return text(headers.get(i).value());
        }
      }
      return null;
    }

    @Override
    public String toString() {
      return "$header." + name;
    }
  }

  /**
   * The record's place in Kafka, for records that have no id. Its time belongs to it, because the
   * offsets of a topic that is created again start at 0. A record that is sent again has another
   * place.
   */
  record Position() implements Source {
    @Override
    public JsonNode in(Scope scope) {
      IncomingRecord record = scope.record();
      return TextNode.valueOf(
          record.topic() + "/" + record.partition() + "/" + record.offset() + "/" + millis(record));
    }

    @Override
    public String toString() {
      return "$place";
    }
  }

  private static JsonNode text(byte[] bytes) {
    return bytes == null ? null : TextNode.valueOf(new String(bytes, UTF_8));
  }

  private static long millis(IncomingRecord record) {
    return TimeUnit.MICROSECONDS.toMillis(record.receivedAtMicros());
  }

  /**
   * @throws IllegalArgumentException if it is none
   */
  static Source parse(String text) {
    if (text.startsWith("=")) {
      return new Constant(text.substring(1).strip());
    }
    if (!text.startsWith("$")) {
      return new Place(new FieldPath(text));
    }
    return switch (text) {
      case "$key" -> new Key();
      case "$topic" -> new Topic();
      case "$time" -> new Time();
      case "$place" -> new Position();
      default -> {
        if (text.startsWith("$header.") && text.length() > "$header.".length()) {
          yield new InHeader(text.substring("$header.".length()));
        }
        throw new IllegalArgumentException(
            "'"
                + text
                + "' is unknown; expected $key, $header.NAME, $topic, $time or $place, or a path");
      }
    };
  }
}
