package io.vectorstream.local.system;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.generator.EventSink;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.KafkaSink;
import io.vectorstream.generator.RecordKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A sink that remembers what it sends: each valid event's id, when it was due and what is summed of
 * it. Some events are watched, one in each 50 ms. A timestamp is when the event was due; late ones
 * and copies are not watched, as theirs is not.
 */
final class RecordingSink implements EventSink {
  private static final long BETWEEN_WATCHED_MICROS = 50_000;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final KafkaSink kafka;
  private final RecordText text;
  private final SentEvents sent;
  private final EventFields fields;
  private final List<ExpectedSums> sums;
  private final StoreWatch watch;
  private final Doubts doubts;
  private long watchedUntil = Long.MIN_VALUE;

  RecordingSink(
      KafkaSink kafka,
      RecordText text,
      SentEvents sent,
      EventFields fields,
      List<ExpectedSums> sums,
      StoreWatch watch,
      Doubts doubts) {
    this.kafka = kafka;
    this.text = text;
    this.sent = sent;
    this.fields = fields;
    this.sums = sums;
    this.watch = watch;
    this.doubts = doubts;
  }

  @Override
  public void send(GeneratedRecord record) {
    if (record.kind() == RecordKind.MALFORMED) {
      kafka.send(as(record, UUID.randomUUID().toString()));
      return;
    }
    JsonNode event = read(record.value());
    String id = event.path("event_id").asText();
    GeneratedRecord written = as(record, id);
    if (record.kind() == RecordKind.DUPLICATE) {
      kafka.send(written);
      return;
    }
    long now = StoreWatch.micros(Instant.now());
    // The timestamp of a late one is not when it was due.
    long due =
        record.kind() == RecordKind.LATE
            ? now
            : StoreWatch.micros(Instant.parse(event.path("timestamp").asText()));
    doubts.sent((now - due) / 1000);
    sent.add(UUID.fromString(id), due, fields.isEmpty() ? 0 : fields.hash(event));
    sums.forEach(sum -> sum.add(event));
    if (record.kind() == RecordKind.EVENT && due >= watchedUntil) {
      watchedUntil = due + BETWEEN_WATCHED_MICROS;
      WatchedEvent watched = new WatchedEvent(id, due);
      watch.add(watched);
      kafka.send(written, watched::delivered);
    } else {
      kafka.send(written);
    }
  }

  private GeneratedRecord as(GeneratedRecord record, String id) {
    return new GeneratedRecord(record.kind(), record.key(), text.of(record.value(), id));
  }

  private static JsonNode read(byte[] event) {
    try {
      return JSON.readTree(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void flush() {
    kafka.flush();
  }

  @Override
  public void close() {
    kafka.close();
  }
}
