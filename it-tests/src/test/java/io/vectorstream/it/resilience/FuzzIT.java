package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.Stored;
import io.vectorstream.it.resilience.RecordMutations.Kind;
import io.vectorstream.it.resilience.RecordMutations.Mutated;
import io.vectorstream.monitoring.PipelineTotals;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broken and unusual records by the hundred thousand: each is stored as it was sent, or is a dead
 * letter with the right reason and its own bytes. {@code -Dresilience=long} takes a million of
 * them; {@code -Dresilience.seed} repeats a run.
 */
@ExtendWith(SharedServices.class)
class FuzzIT {

  private static final int RECORDS =
      Integer.getInteger("resilience.fuzz.records", Tally.isLong() ? 1_000_000 : 40_000);
  private static final int BATCH = 20_000;
  private static final int CHUNK = 1_000;

  /** The interval of stored events that are compared field by field. */
  private static final int SAMPLE = 20;

  /** The interval of stored records that are sent again, perhaps to another partition. */
  private static final int AGAIN = 50;

  private static final List<String> ADDED =
      List.of("partition", "offset", "ingested_at", "counted_at", "stored_at", "batch");

  private final Map<Place, Dead> deadLetters = new HashMap<>();

  /** The expected events: null, or the whole event for a sample. */
  private final Map<String, ObjectNode> events = new HashMap<>();

  private final Map<String, Map<String, Long>> products = new HashMap<>();
  private final Map<String, Map<String, Long>> users = new HashMap<>();
  private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
  private final Map<String, Integer> reasons = new TreeMap<>();
  private long duplicates;

  private record Place(int partition, long offset) {}

  private record Dead(Kind kind, String reason, long keyHash, long valueHash) {}

  @Test
  void every_record_is_stored_or_a_dead_letter_with_its_reason_and_its_bytes(
      Services services, @TempDir Path folder) {
    long seed = Tally.seed("FuzzIT");
    try (Deployment deployment = new Deployment(services, folder)) {
      PipelineTotals totals;
      try (RunningPipeline pipeline = deployment.start("stream.max_events_per_batch=" + BATCH)) {
        long sent = send(deployment, seed);
        for (long some = BATCH; some < sent; some += BATCH) {
          pipeline.awaitRecords(some);
        }
        pipeline.awaitRecords(sent);
        totals = pipeline.stop();
      }
      long known = events.size() + deadLetters.size() + duplicates;
      Tally.done("record fuzzed", totals.records());
      Tally.counted(
          totals.records(),
          totals.stored(),
          totals.deadLettered(),
          totals.duplicates(),
          Math.max(0, known - totals.records()),
          Math.max(0, totals.records() - known));
      System.out.printf(
          "Fuzzed: %,d records = %,d stored + %,d duplicates + %,d dead-lettered + %,d lost;"
              + " by kind %s; dead letters by reason %s%n",
          totals.records(),
          totals.stored(),
          totals.duplicates(),
          totals.deadLettered(),
          known - totals.records(),
          kinds,
          reasons);
      assertThat(totals)
          .isEqualTo(
              new PipelineTotals(
                  events.size() + duplicates + deadLetters.size(),
                  events.size(),
                  duplicates,
                  deadLetters.size()));
      assertDeadLetters(deployment);
      assertEvents(deployment.stored());
      assertThat(counts(deployment.stored().products())).isEqualTo(products);
      assertThat(counts(deployment.stored().users())).isEqualTo(users);
    }
  }

  private long send(Deployment deployment, long seed) {
    EventStream stream =
        new EventStream(Catalog.generate(100, 1), ShopperSettings.defaults(), seed);
    String topic = deployment.settings().kafka().topic();
    RecordMutations mutations = new RecordMutations(seed);
    Random random = new Random(seed);
    long sent = 0;
    while (sent < RECORDS) {
      List<Mutated> chunk = new ArrayList<>();
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < CHUNK; i++) {
        Mutated mutated = mutations.mutate(event(stream));
        chunk.add(mutated);
        records.add(new ProducerRecord<>(topic, mutated.key(), mutated.value()));
        if (mutated.reason() == null && random.nextInt(AGAIN) == 0) {
          chunk.add(null);
          records.add(
              new ProducerRecord<>(topic, new byte[] {(byte) random.nextInt()}, mutated.value()));
        }
      }
      List<RecordMetadata> places = deployment.send(records);
      for (int i = 0; i < places.size(); i++) {
        expect(chunk.get(i), places.get(i));
      }
      sent += places.size();
    }
    return sent;
  }

  /** An event with a product, and no search. */
  private static ObjectNode event(EventStream stream) {
    ObjectNode event;
    do {
      event = Shop.parse(stream.next(Instant.now()).value());
    } while (!event.has("product") || event.path("event_type").asText().equals("search"));
    return event;
  }

  /**
   * @param mutated null for a copy of the one before
   */
  private void expect(Mutated mutated, RecordMetadata place) {
    if (mutated == null) {
      duplicates++;
      return;
    }
    kinds.merge(mutated.kind(), 1, Integer::sum);
    if (mutated.reason() != null) {
      String reason = mutated.reason().code();
      reasons.merge(reason, 1, Integer::sum);
      deadLetters.put(
          new Place(place.partition(), place.offset()),
          new Dead(mutated.kind(), reason, hash(mutated.key()), hash(mutated.value())));
      return;
    }
    ObjectNode event = mutated.event();
    String type = event.path("event_type").asText();
    count(products, event.at("/product/id").asText(), type);
    count(users, event.path("user_id").asText(), type);
    boolean kept = mutated.kind() != Kind.LARGE && events.size() % SAMPLE == 0;
    events.put(event.path("event_id").asText(), kept ? event : null);
  }

  private static void count(Map<String, Map<String, Long>> counts, String id, String type) {
    counts.computeIfAbsent(id, key -> new HashMap<>()).merge(type, 1L, Long::sum);
  }

  private void assertDeadLetters(Deployment deployment) {
    Map<Place, Dead> missing = new HashMap<>(deadLetters);
    deployment.forEachDeadLetter(
        letter -> {
          Place place =
              new Place(
                  Integer.parseInt(header(letter, "partition")),
                  Long.parseLong(header(letter, "offset")));
          Dead expected = missing.remove(place);
          assertThat(expected).as("what lies at %s, if it was not seen before", place).isNotNull();
          assertThat(
                  new Dead(
                      expected.kind(),
                      header(letter, "reason"),
                      hash(letter.key()),
                      hash(letter.value())))
              .as(() -> place + ", " + header(letter, "detail") + ": " + shown(letter.value()))
              .isEqualTo(expected);
          assertThat(header(letter, "detail"))
              .isNotBlank()
              .doesNotContain("\n")
              .hasSizeLessThan(400);
        });
    assertThat(missing).as("dead letters that are not there").isEmpty();
  }

  private void assertEvents(Stored stored) {
    Map<String, ObjectNode> missing = new HashMap<>(events);
    stored.forEachEvent(
        point -> {
          String id = point.text("event_id");
          assertThat(missing).as("stored events that were not seen before").containsKey(id);
          ObjectNode event = missing.remove(id);
          if (event != null) {
            assertThat(OffsetDateTime.parse(point.text("timestamp")).toInstant())
                .isEqualTo(OffsetDateTime.parse(event.path("timestamp").asText()).toInstant());
            ObjectNode payload = point.payload().deepCopy();
            payload.remove(ADDED);
            payload.remove("timestamp");
            event.remove("timestamp");
            assertThat(payload).isEqualTo(Stored.asStored(event));
          }
        });
    assertThat(missing.keySet()).as("events that are not stored").isEmpty();
  }

  private static Map<String, Map<String, Long>> counts(Map<String, Stored.Point> points) {
    return points.entrySet().stream()
        .collect(toMap(Map.Entry::getKey, point -> point.getValue().counts()));
  }

  private static long hash(byte[] bytes) {
    return bytes == null ? 0 : Hashing.sha256().hashBytes(bytes).asLong();
  }

  private static String shown(byte[] value) {
    return value == null ? "null" : new String(value, 0, Math.min(value.length, 2000), UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
