package io.vectorstream.local.baseline;

import io.vectorstream.embedding.EventText;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.StrictEventParser;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.ShopperSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The events that every step stores, as Kafka would deliver them. */
final class Records {

  /** The number of products that {@code demo} and {@code validate} generate. */
  private static final int PRODUCTS = 2000;

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long SEED = 1;

  private Records() {}

  /**
   * Returns the first events of the generator's shoppers, one a millisecond; the same at every
   * call.
   *
   * @return each as JSON in UTF-8
   */
  static List<byte[]> generate(int count) {
    EventStream stream =
        new EventStream(Catalog.generate(PRODUCTS, SEED), ShopperSettings.defaults(), SEED);
    List<byte[]> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      records.add(stream.next(START.plusMillis(i)).value());
    }
    return records;
  }

  /**
   * @param offset the record's place in the stream
   */
  static ShopEvent parse(byte[] record, long offset) {
    long micros = START.plusMillis(offset).toEpochMilli() * 1000;
    return StrictEventParser.parse(record, 0, offset, micros).requireEvent();
  }

  /** Returns how many different texts there are to embed. */
  static long differentTexts(List<byte[]> records) {
    return records.stream().map(record -> EventText.of(parse(record, 0))).distinct().count();
  }
}
