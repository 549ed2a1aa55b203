package io.vectorstream.generator;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** One user: preferred categories, and a price level. */
final class Shopper {

  private static final int MOST_TASTES = 4;

  static final String ID_PREFIX = "user-";

  final String id;
  final byte[] idBytes;

  /** Preferred categories, as positions in the assortment; the most preferred first. */
  final int[] tastes;

  /** The price level, from 0 (buys the cheapest) to 1. */
  final double priceLevel;

  boolean shopping;

  Shopper(int number, Assortment assortment, SplittableRandom random) {
    id = id(number);
    idBytes = id.getBytes(StandardCharsets.US_ASCII);
    priceLevel = random.nextDouble();
    int wanted = 2 + random.nextInt(MOST_TASTES - 1);
    // Drawing a popular category twice is likely, so one or two tastes may remain.
    tastes =
        IntStream.generate(() -> assortment.drawAisle(random)).limit(wanted).distinct().toArray();
  }

  static String id(int number) {
    return String.format("%s%06d", ID_PREFIX, number);
  }

  /** Returns one of the preferred categories, the first ones more often. */
  int drawTaste(SplittableRandom random) {
    return tastes[Math.min(random.nextInt(tastes.length), random.nextInt(tastes.length))];
  }
}
