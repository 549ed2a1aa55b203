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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PLAIN")
  void every_event_is_the_same_one_after_its_mapping(RecordShape shape) {
    RecordReader reader = new RecordReader(new JsonFormat(), Mappings.read(shape.mapping()));
    EventStream plain = stream();
    EventSource shaped = shape.of(stream());
    Set<RecordKind> kinds = EnumSet.noneOf(RecordKind.class);
    for (int i = 0; i < 3_000; i++) {
      GeneratedRecord before = plain.next(START.plusMillis(i));
      GeneratedRecord after = shaped.next(START.plusMillis(i));
      kinds.add(after.kind());
      List<ParsedRecord> read =
          reader.read(new IncomingRecord("t", 0, i, 0, null, after.value(), List.of()));

      assertThat(read).hasSize(1);
      if (after.kind() == RecordKind.MALFORMED) {
        assertThat(read.get(0)).isInstanceOf(DeadLetter.class);
        continue;
      }
      ShopEvent expected = StrictEventParser.parse(before.value(), 0, i, 0).requireEvent();
      ShopEvent event = read.get(0).requireEvent();
      assertThat(event.eventId()).contains(expected.eventId());
      assertThat(event)
          .usingRecursiveComparison()
          .ignoringFields(
              "eventId", "timestamp", "totalAmount", "viewDuration", "product.description")
          .isEqualTo(expected);
    }
    assertThat(kinds).contains(RecordKind.EVENT, RecordKind.DUPLICATE, RecordKind.MALFORMED);
  }
}
