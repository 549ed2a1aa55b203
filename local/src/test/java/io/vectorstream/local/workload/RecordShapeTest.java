package io.vectorstream.local.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.JsonFormat;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.RecordReader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.StrictEventParser;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventSource;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.RecordKind;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.mapping.Mappings;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The shapes in which loads are sent, and the mappings that read them. */
class RecordShapeTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static EventStream stream() {
    return new EventStream(
        Catalog.generate(50, 1),
        ShopperSettings.defaults().withMalformedShare(0.1).withDuplicateShare(0.1),
        7);
  }

  /** What other programs' records do not say, or say otherwise. */
  private static String[] untold(RecordShape shape) {
    return switch (shape) {
      case PLAIN, VECTORSTREAM -> new String[] {"timestamp"};
      case SHOPIFY ->
          new String[] {
            "eventId",
            "timestamp",
            "userId",
            "sessionId",
            "totalAmount",
            "product.description",
            "product.category"
          };
      default ->
          new String[] {
            "eventId", "timestamp", "totalAmount", "viewDuration", "product.description"
          };
    };
  }

  private static final Map<RecordShape, Set<String>> WITHOUT =
      Map.of(
          RecordShape.SHOPIFY,
          Set.of("view", "remove_from_cart", "wishlist_add", "search"),
          RecordShape.SNOWPLOW,
          Set.of("wishlist_add"));

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PLAIN")
  void every_event_is_the_same_one_after_its_mapping(RecordShape shape) {
    RecordReader reader = new RecordReader(new JsonFormat(), Mappings.read(shape.mapping()));
    Set<String> without = WITHOUT.getOrDefault(shape, Set.of());
    EventStream plain = stream();
    Set<RecordKind> kinds = EnumSet.noneOf(RecordKind.class);
    Map<String, String> ids = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      GeneratedRecord before = plain.next(START.plusMillis(i));
      Optional<GeneratedRecord> after = shape.of(before);
      if (before.kind() == RecordKind.MALFORMED) {
        assertThat(read(reader, after.orElseThrow(), i)).isInstanceOf(DeadLetter.class);
        kinds.add(before.kind());
        continue;
      }
      ShopEvent expected = StrictEventParser.parse(before.value(), 0, i, 0).requireEvent();
      assertThat(after.isEmpty()).isEqualTo(without.contains(expected.type().json()));
      if (after.isEmpty()) {
        continue;
      }
      kinds.add(before.kind());
      ShopEvent event = read(reader, after.get(), i).requireEvent();
      assertThat(event)
          .usingRecursiveComparison()
          .ignoringFields(untold(shape))
          .isEqualTo(expected);
      String first = ids.putIfAbsent(expected.eventId(), event.eventId());
      assertThat(event.eventId())
          .as("the id of a copy")
          .isEqualTo(first == null ? event.eventId() : first);
    }
    assertThat(kinds).contains(RecordKind.EVENT, RecordKind.DUPLICATE, RecordKind.MALFORMED);
    assertThat(ids.values()).doesNotHaveDuplicates();
  }

  private static ParsedRecord read(RecordReader reader, GeneratedRecord record, int offset) {
    List<ParsedRecord> read =
        reader.read(new IncomingRecord("t", 0, offset, 0, null, record.value(), List.of()));
    assertThat(read).hasSize(1);
    return read.get(0);
  }

  @Test
  void the_shares_stay_where_events_are_passed_over() {
    EventSource carts = RecordShape.SHOPIFY.of(stream());
    Map<RecordKind, Integer> kinds = new EnumMap<>(RecordKind.class);
    for (int i = 0; i < 5_000; i++) {
      kinds.merge(carts.next(START.plusMillis(i)).kind(), 1, Integer::sum);
    }

    assertThat(kinds.get(RecordKind.MALFORMED)).isBetween(400, 600);
    assertThat(kinds.get(RecordKind.DUPLICATE)).isBetween(400, 650);
  }
}
