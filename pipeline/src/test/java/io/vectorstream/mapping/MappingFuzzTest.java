package io.vectorstream.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.Reason;
import io.vectorstream.event.ShopEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Example records with values exchanged, left out and nested, and with bytes changed: whatever
 * comes out is events that keep the rules, and at most one dead letter. {@code -Dseed} repeats a
 * run.
 */
class MappingFuzzTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RECORDS = 5_000;

  private static final List<String> VALUES =
      List.of(
          "null",
          "\"\"",
          "\" \"",
          "true",
          "0",
          "-1",
          "1.0",
          "17.50",
          "1e400",
          "1e-400",
          "-0",
          "99999999999999999999",
          "\"12,5\"",
          "\"1e5\"",
          "\"NaN\"",
          "{}",
          "[]",
          "[[]]",
          "[null, 1, {}]",
          "{\"a\": {\"b\": [1]}}",
          "\"2026-01-15 10:30:00\"",
          "\"2026-02-30T10:30:00Z\"",
          "\"\\ud800\"",
          "\"çay 🍵\"",
          "1768473000250");

  private static final Set<String> REASONS =
      Arrays.stream(Reason.values()).map(Reason::code).collect(Collectors.toSet());

  static List<String> ready() {
    return Mappings.READY;
  }

  @ParameterizedTest
  @MethodSource("ready")
  void every_record_becomes_events_and_at_most_one_dead_letter_the_same_each_time(String mapping)
      throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("Records for the mapping " + mapping + " from -Dseed=" + seed);
    Random random = new Random(seed);
    MappedRecords reader = MappedRecords.of(mapping);
    List<String> examples =
        Files.readAllLines(Path.of("../config/mappings/examples/" + mapping + ".jsonl"));
    Set<String> outcomes = new TreeSet<>();
    for (int i = 0; i < RECORDS; i++) {
      byte[] value = mutated(examples.get(random.nextInt(examples.size())), random);
      IncomingRecord record =
          new IncomingRecord(
              "shop", 1, i, MappedRecords.RECEIVED_AT_MICROS, null, value, List.of());

      List<ParsedRecord> read = reader.reader().read(record);

      assertThat(read).as(() -> new String(value, UTF_8)).isNotEmpty();
      for (ParsedRecord one : read) {
        outcomes.add(one.getClass().getSimpleName());
        check(one, i, value);
      }
      assertThat(read.stream().filter(DeadLetter.class::isInstance)).hasSizeLessThanOrEqualTo(1);
      assertThat(reader.reader().read(record)).isEqualTo(read);
    }
    assertThat(outcomes).contains("ShopEvent", "DeadLetter");
  }

  private static void check(ParsedRecord one, int offset, byte[] value) {
    if (one instanceof ShopEvent event) {
      assertThat(event.eventId()).isNotEmpty();
      assertThat(event.userId()).isNotEmpty();
      assertThat(event.sessionId()).isNotEmpty();
      assertThat(event.offset()).isEqualTo(offset);
      if (event.product() != null) {
        assertThat(event.product().id()).isNotEmpty();
        assertThat(event.product().price()).isBetween(0.0, Double.MAX_VALUE);
      }
    } else if (one instanceof DeadLetter letter) {
      assertThat(letter.reason())
          .as(() -> new String(value, UTF_8) + ": " + letter.detail())
          .isIn(REASONS)
          .isNotEqualTo(Reason.CANNOT_BE_STORED.code());
      assertThat(letter.detail()).isNotBlank().doesNotContain("\n");
    }
  }

  private static byte[] mutated(String example, Random random) throws IOException {
    JsonNode json = JSON.readTree(example);
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      change(json, random);
    }
    byte[] bytes = JSON.writeValueAsBytes(json);
    if (random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextInt(20) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  /** Changes one field or element, anywhere in the JSON. */
  private static void change(JsonNode json, Random random) throws IOException {
    List<ContainerNode<?>> all = new ArrayList<>();
    collect(json, all);
    ContainerNode<?> some = all.get(random.nextInt(all.size()));
    JsonNode value = JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
    if (some.isEmpty()) {
      return;
    }
    int place = random.nextInt(some.size());
    if (some instanceof ArrayNode array) {
      switch (random.nextInt(3)) {
        case 0 -> array.remove(place);
        case 1 -> array.add(array.get(place).deepCopy());
        default -> array.set(place, value);
      }
    } else if (some instanceof ObjectNode object) {
      String name = new ArrayList<>(object.properties()).get(place).getKey();
      if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.set(name, value);
      }
    }
  }

  private static void collect(JsonNode json, List<ContainerNode<?>> all) {
    if (json instanceof ContainerNode<?> container) {
      all.add(container);
      container.forEach(child -> collect(child, all));
    }
  }
}
