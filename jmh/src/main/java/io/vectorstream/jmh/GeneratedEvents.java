package io.vectorstream.jmh;

import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.StrictEventParser;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventSource;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.ShopperSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The events of the generator's shoppers, the same in every fork: one event a millisecond. */
public final class GeneratedEvents {

  /** The number of products that {@code demo} and {@code validate} generate. */
  public static final int PRODUCTS = 2000;

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private GeneratedEvents() {}

  /** Returns the stream over this number of products. */
  public static EventStream stream(int products) {
    return new EventStream(Catalog.generate(products, 1), ShopperSettings.defaults(), 1);
  }

  /** Returns the first records, as they go to Kafka. */
  public static List<GeneratedRecord> records(int count) {
    return records(stream(PRODUCTS), count);
  }

  /** Returns the first records of a source, due one each millisecond. */
  public static List<GeneratedRecord> records(EventSource source, int count) {
    List<GeneratedRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      records.add(source.next(START.plusMillis(i)));
    }
    return records;
  }

  /** Returns the same, parsed. */
  public static List<ShopEvent> events(int count) {
    List<ShopEvent> events = new ArrayList<>(count);
    for (GeneratedRecord record : records(count)) {
      events.add(parse(record.value(), events.size()).requireEvent());
    }
    return events;
  }

  /**
   * Parses with the strict parser.
   *
   * @param offset the record's place in the stream
   */
  public static ParsedRecord parse(byte[] record, long offset) {
    return StrictEventParser.parse(record, 0, offset, START.toEpochMilli() * 1000 + offset);
  }
}
