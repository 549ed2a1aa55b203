package io.vectorstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** The failures that a broker cannot be made to produce at will; the rest is tested end to end. */
class KafkaSinkTest {

  private static final GeneratedRecord RECORD =
      new GeneratedRecord(RecordKind.EVENT, "user-1", new byte[] {1, 2});

  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
  private final KafkaSink sink =
      new KafkaSink("broker:9092", "events", Duration.ofSeconds(1), producer);

  @Test
  void a_record_goes_to_the_topic_with_its_key_and_bytes() {
    sink.send(RECORD);

    assertThat(producer.history())
        .containsExactly(new ProducerRecord<>("events", "user-1", RECORD.value()));
  }

  @Test
  void a_record_has_its_headers() {
    sink.send(
        new GeneratedRecord(
            RecordKind.EVENT, "user-1", new byte[] {1}, Map.of("ce_id", "ä"), null));

    assertThat(producer.history().get(0).headers())
        .containsExactly(new RecordHeader("ce_id", "ä".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void the_time_of_a_record_is_when_it_was_due_and_never_before() {
    sink.send(RECORD.dueAt(Instant.parse("2026-01-01T00:00:00.000001Z")));
    sink.send(RECORD.dueAt(Instant.parse("2026-01-01T00:00:00.002Z")));
    sink.send(RECORD);

    long midnight = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    assertThat(producer.history())
        .extracting(ProducerRecord::timestamp)
        .containsExactly(midnight + 1, midnight + 2, null);
  }

  @Test
  void a_failed_delivery_surfaces_on_the_next_send() {
    sink.send(RECORD);
    producer.errorNext(new RecordTooLargeException("too large"));

    assertThatThrownBy(() -> sink.send(RECORD))
        .isInstanceOf(SinkException.class)
        .hasMessage("cannot deliver to topic events of Kafka at broker:9092: too large");
  }

  @Test
  void a_failed_delivery_surfaces_on_flush() {
    sink.send(RECORD);
    producer.errorNext(new RecordTooLargeException("too large"));

    assertThatThrownBy(sink::flush).isInstanceOf(SinkException.class);
  }

  @Test
  void a_failed_delivery_surfaces_on_close_and_the_producer_is_closed() {
    sink.send(RECORD);
    producer.errorNext(new RecordTooLargeException("too large"));

    assertThatThrownBy(sink::close).isInstanceOf(SinkException.class);
    assertThat(producer.closed()).isTrue();
    assertThatCode(sink::close).doesNotThrowAnyException();
  }

  @Test
  void a_broker_that_does_not_answer_is_told_in_one_line() {
    assertThatThrownBy(
            () -> new KafkaSink("127.0.0.1:1", "events", 1, Map.of(), Duration.ofMillis(300)))
        .isInstanceOf(SinkException.class)
        .hasMessage(
            "Kafka at 127.0.0.1:1 does not answer: no answer within 300 ms; check the address, and"
                + " security.protocol: no answer comes where only one side speaks TLS or SASL");
  }

  @Test
  void an_address_that_cannot_be_is_told_in_one_line() {
    assertThatThrownBy(
            () -> new KafkaSink("nonsense", "events", 1, Map.of(), Duration.ofMillis(300)))
        .isInstanceOf(SinkException.class)
        .hasMessageContaining("Kafka at nonsense cannot be used: ")
        .message()
        .doesNotContain("\n");
  }
}
