package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import java.time.Duration;
import java.time.Instant;

/**
 * The demand for a product: its actions, weighted, each counting half as much an hour later.
 *
 * <p>It is kept by forward decay (G. Cormode, V. Shkapenyuk, D. Srivastava, B. Xu: Forward Decay: A
 * Practical Time Decay Model for Streaming Systems, ICDE 2009): an action of weight {@code w} at
 * the time {@code t} adds {@code w 2^(t/h)}, counted from 1970 on, and the decayed count at any
 * later moment {@code now} is the sum times {@code 2^(-now/h)}. The factor is the same for all
 * products, so their order by the sums is their order by decayed counts at every moment, and no
 * stored sum has to be decayed. The sums exceed the range of every number type, so their logarithm
 * to the base 2 is kept.
 *
 * <p>The weights are not those of the settings, for three reasons: stored sums cannot be weighted
 * again, a purchase counts for a product's demand whatever it counts for a user's interest, and
 * there is no demand below zero. Searches, and products removed from the cart again, do not count.
 */
public final class Trend {

  /** The time after which an action counts half as much. */
  public static final Duration HALF_LIFE = Duration.ofHours(1);

  /** The logarithm of an empty sum. */
  public static final double NONE = Double.NEGATIVE_INFINITY;

  /** The tolerance for rounding, and for clocks that differ by a minute. */
  private static final double TOLERANCE = 0.02;

  /** The logarithm of a demand that no product reaches, 10^15 purchases within the hour. */
  private static final double LARGEST_SCORE = 52;

  private static final double HALF_LIFE_MICROS = HALF_LIFE.toNanos() / 1000.0;

  private Trend() {}

  /**
   * Returns the logarithm of an event's demand; {@link #NONE} if it has none. An event from the
   * future would otherwise come first until that time: see {@link ShopEvent#countedAtMicros}.
   */
  public static double of(ShopEvent event) {
    double weight = weight(event.type());
    return weight == 0 ? NONE : log2(weight) + halfLives(event.countedAtMicros());
  }

  private static double weight(EventType type) {
    return switch (type) {
      case PURCHASE -> 5;
      case ADD_TO_CART -> 3;
      case WISHLIST_ADD -> 2;
      case VIEW -> 1;
      case SEARCH, REMOVE_FROM_CART -> 0;
    };
  }

  /**
   * Returns the logarithm of the sum of two sums, given by their logarithms. It is the same in any
   * order but for rounding, by less than a billionth.
   */
  public static double sum(double a, double b) {
    double larger = Math.max(a, b);
    double smaller = Math.min(a, b);
    return smaller == NONE ? larger : larger + log2(1 + Math.pow(2, smaller - larger));
  }

  /**
   * Returns the same, but at most the value as if all actions happened now.
   *
   * @param counts of the product's events
   */
  static double notFromTheFuture(double trend, EventCounts counts, long nowMicros) {
    double most = 0;
    for (EventType type : EventType.values()) {
      most += weight(type) * counts.of(type);
    }
    double largest = most == 0 ? NONE : log2(most) + halfLives(nowMicros);
    return trend > largest + TOLERANCE ? largest : trend;
  }

  /**
   * Returns more than the logarithm of any sum of actions up to now: a larger one was counted with
   * times from the future.
   */
  public static double largest(Instant now) {
    return LARGEST_SCORE + halfLives(now.toEpochMilli() * 1000);
  }

  /**
   * Returns the decayed count.
   *
   * @param trend the logarithm of a product's sum
   */
  public static double score(double trend, Instant now) {
    return Math.pow(2, trend - halfLives(now.toEpochMilli() * 1000));
  }

  private static double halfLives(long micros) {
    return micros / HALF_LIFE_MICROS;
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
