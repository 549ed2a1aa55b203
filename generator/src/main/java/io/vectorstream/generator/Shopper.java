package io.vectorstream.generator;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** One user: preferred categories, a price level, and what the user has bought lately. */
final class Shopper {

  private static final int MOST_TASTES = 4;
  private static final int REMEMBERED = 16;

  static final String ID_PREFIX = "user-";

  final String id;
  final byte[] idBytes;

  /** Preferred categories, as positions in the assortment; the most preferred first. */
  final int[] tastes;

  /** The price level, from 0 (buys the cheapest) to 1. */
  final double priceLevel;

  boolean shopping;

  /** The product of the latest event, or -1. */
  int last = -1;

  private final int[] bought = new int[REMEMBERED];
  private int purchases;

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

  /** Puts another category first among the preferred ones, in place of one of them. */
  void changeTaste(Assortment assortment, SplittableRandom random) {
    int lost = random.nextInt(tastes.length);
    int found = assortment.drawAisle(random);
    if (IntStream.of(tastes).noneMatch(taste -> taste == found)) {
      System.arraycopy(tastes, 0, tastes, 1, lost);
      tastes[0] = found;
    }
  }

  void remember(int product) {
    bought[purchases++ % REMEMBERED] = product;
  }

  boolean hasBought() {
    return purchases > 0;
  }

  /** Returns one of the products bought lately. */
  int drawBought(SplittableRandom random) {
    return bought[random.nextInt(Math.min(purchases, REMEMBERED))];
  }
}
