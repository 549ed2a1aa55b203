package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.event.Reason;
import io.vectorstream.monitoring.PipelineTotals;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
class DeadLettersIT {
  private static final byte[] KEY = {'k', (byte) 0xff, 0, 1};

  @Test
  void what_cannot_be_read_goes_to_the_dead_letter_topic_as_it_is_and_says_why(
      Services services, @TempDir Path folder) {
    Map<String, byte[]> broken = broken();
    assertThat(broken.keySet())
        .as("every reason that is in a record alone has one here")
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values())
                .filter(reason -> reason != Reason.CANNOT_BE_STORED)
                .filter(reason -> reason != Reason.OLDER_THAN_RETENTION)
                // FormatsIT has these: plain JSON is not decoded.
                .filter(reason -> reason != Reason.UNKNOWN_SCHEMA)
                .filter(reason -> reason != Reason.CANNOT_BE_DECODED)
                .map(Reason::code)
                .toList());

    try (Deployment deployment = new Deployment(services, folder)) {
      String topic = deployment.settings().kafka().topic();
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      broken.forEach(
          (reason, value) ->
              records.add(
                  new ProducerRecord<>(topic, reason.equals("not_json") ? null : KEY, value)));
      ObjectNode good = view();
      records.add(4, deployment.record(null, KEY, good));

      Instant start = Instant.now();
      List<RecordMetadata> sent = deployment.send(records);
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(records.size()))
            .isEqualTo(new PipelineTotals(records.size(), 1, 0, broken.size()));
      }

      assertThat(deployment.stored().events().values())
          .extracting(point -> point.text("event_id"))
          .containsExactly(good.path("event_id").textValue());
      Map<String, ConsumerRecord<byte[], byte[]>> letters =
          deployment.deadLetters().stream()
              .collect(toMap(letter -> header(letter, "reason"), letter -> letter));
      assertThat(letters).containsOnlyKeys(broken.keySet());
      for (int i = 0; i < records.size(); i++) {
        if (i != 4) {
          assertLetter(letterAt(letters, sent.get(i)), records.get(i), sent.get(i), start);
        }
      }
      broken.forEach((reason, value) -> assertThat(letters.get(reason).value()).isEqualTo(value));
    }
  }

  private static Map<String, byte[]> broken() {
    Map<String, byte[]> broken = new LinkedHashMap<>();
    broken.put("empty", null);
    broken.put("invalid_utf8", "{\"event_id\":\"\u00ff\"}".getBytes(ISO_8859_1));
    broken.put("not_json", "çay, not JSON".getBytes(UTF_8));
    broken.put("other_format", new byte[] {0, 0, 0, 0, 7, 'a', 'v', 'r', 'o'});
    broken.put("wrong_type", Shop.bytes(view().put("product", "a mug")));
    broken.put("missing_field", Shop.bytes(view().without("session_id")));
    broken.put("invalid_timestamp", Shop.bytes(view().put("timestamp", "2024-01-15T10:30:00")));
    broken.put("unknown_event_type", Shop.bytes(view().put("event_type", "refund")));
    ObjectNode negative = view();
    negative.withObjectProperty("product").put("price", -0.01);
    broken.put("invalid_price", Shop.bytes(negative));
    broken.put(
        "invalid_amount",
        new String(Shop.bytes(view().put("view_duration", 7)), UTF_8)
            .replace("\"view_duration\":7", "\"view_duration\":1e400")
            .getBytes(UTF_8));
    return broken;
  }

  private static ObjectNode view() {
    return Shop.event("view", "ada", Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8));
  }

  private static ConsumerRecord<byte[], byte[]> letterAt(
      Map<String, ConsumerRecord<byte[], byte[]>> letters, RecordMetadata record) {
    return letters.values().stream()
        .filter(letter -> header(letter, "partition").equals("" + record.partition()))
        .filter(letter -> header(letter, "offset").equals("" + record.offset()))
        .findFirst()
        .orElseThrow();
  }

  private static void assertLetter(
      ConsumerRecord<byte[], byte[]> letter,
      ProducerRecord<byte[], byte[]> record,
      RecordMetadata sent,
      Instant start) {
    assertThat(letter.key()).isEqualTo(record.key());
    assertThat(letter.value()).isEqualTo(record.value());
    assertThat(header(letter, "topic")).isEqualTo(record.topic());
    assertThat(Instant.parse(header(letter, "timestamp")))
        .isEqualTo(Instant.ofEpochMilli(sent.timestamp()));
    assertThat(Instant.parse(header(letter, "failed_at"))).isBetween(start, Instant.now());
    assertThat(header(letter, "detail")).isNotBlank().doesNotContain("\n");
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
