package io.vectorstream.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vectorstream.event.DeadLetterSurvey;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.StoredDeadLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The output of dead letters for programs: complete, one in memory at a time, and in ASCII, so that
 * no record's content can control a terminal.
 */
final class DeadLetterJson {
  private static final int LAST_PRINTABLE = '~';

  private DeadLetterJson() {}

  /**
   * @param shown returns the part of a letter that may be shown
   */
  static void print(
      PrintWriter out,
      String topicName,
      DeadLetterTopic topic,
      DeadLetterSurvey survey,
      UnaryOperator<StoredDeadLetter> shown) {
    try {
      JsonGenerator json =
          new JsonFactory()
              .createGenerator(out)
              .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
              .setHighestNonEscapedChar(LAST_PRINTABLE)
              .useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("topic", topicName);
      json.writeNumberField("total", survey.all());
      json.writeNumberField("matching", survey.matching().all());
      json.writeNumberField("replayed", survey.matching().replayed());
      json.writeObjectFieldStart("by_reason");
      for (Map.Entry<String, DeadLetterSurvey.Count> reason : survey.byReason().entrySet()) {
        json.writeNumberField(reason.getKey(), reason.getValue().all());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("letters");
      topic.read(survey.newest(), letter -> write(json, shown.apply(letter), topic));
      json.writeEndArray();
      json.writeEndObject();
      json.close();
      out.println();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(JsonGenerator json, StoredDeadLetter letter, DeadLetterTopic topic) {
    try {
      json.writeStartObject();
      json.writeStringField("id", letter.id().toString());
      json.writeStringField("failed_at", letter.failedAt().toString());
      json.writeStringField("reason", letter.reason());
      json.writeStringField("detail", letter.detail());
      json.writeStringField("topic", letter.topic());
      json.writeObjectField("partition", letter.partition());
      json.writeObjectField("offset", letter.offset());
      json.writeStringField("timestamp", text(letter.timestamp()));
      json.writeStringField("replayed_at", text(topic.replayedAt(letter.id()).orElse(null)));
      writeBytes(json, "key", letter.key());
      writeBytes(json, "value", letter.value());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }

  private static void writeBytes(JsonGenerator json, String name, byte[] bytes) throws IOException {
    String encoding = null;
    if (bytes == null) {
      json.writeNullField(name);
    } else {
      try {
        json.writeStringField(name, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        encoding = "utf-8";
      } catch (CharacterCodingException e) {
        json.writeBinaryField(name, bytes);
        encoding = "base64";
      }
    }
    json.writeStringField(name + "_encoding", encoding);
  }
}
