package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import java.time.Duration;
import java.time.Instant;

/**
 * How much a product is in demand: what was done with it, weighed, each action counting half as
 * much an hour later.
 *
 * <p>Kept by forward decay (G. Cormode, V. Shkapenyuk, D. Srivastava, B. Xu: Forward Decay: A
 * Practical Time Decay Model for Streaming Systems, ICDE 2009): an action of weight {@code w} at
 * the time {@code t} adds {@code w 2^(t/h)}, counted from 1970 on, and the decayed count at any
 * later moment {@code now} is the sum times {@code 2^(-now/h)}. The factor is the same for all
 * products, so their order by the sums is their order by decayed counts at every moment, and
 * nothing that is stored has to be decayed. The sums outgrow every number: what is kept is their
 * logarithm to the base 2.
 *
 * <p>The weights are not those of the settings: stored sums cannot be weighed again, a purchase
 * counts for a product's demand whatever it counts for a user's interest, and there is no demand
 * below zero. Searches, and products taken out of the cart again, do not count.
 */
public final class Trend {

  /** After this time an action counts half as much. */
  public static final Duration HALF_LIFE = Duration.ofHours(1);

  /** The logarithm of the sum of nothing. */
  static final double NONE = Double.NEGATIVE_INFINITY;

  /** For rounding, and for clocks that differ by a minute. */
  private static final double TOLERANCE = 0.02;

  /** The logarithm of the demand that no product comes to, 10^15 purchases within the hour. */
  private static final double LARGEST_SCORE = 52;

  private static final double HALF_LIFE_MICROS = HALF_LIFE.toNanos() / 1000.0;

  private Trend() {}

  /**
   * The logarithm of what an event adds; {@link #NONE} if nothing. One from the future would
   * otherwise lead until that future has come: see {@link ShopEvent#countedAtMicros}.
   */
  static double of(ShopEvent event) {
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
   * The logarithm of the sum of two sums that are given by theirs. The same in any order but for
   * rounding, by less than a billionth.
   */
  static double sum(double a, double b) {
    double larger = Math.max(a, b);
    double smaller = Math.min(a, b);
    return smaller == NONE ? larger : larger + log2(1 + Math.pow(2, smaller - larger));
  }

  /**
   * The same, or as much as there would be had all that was done been done now, if it is more.
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
   * More than the logarithm of any sum of what was done up to now: one that is larger was counted
   * with times from the future.
   */
  public static double largest(Instant now) {
    return LARGEST_SCORE + halfLives(now.toEpochMilli() * 1000);
  }

  /**
   * The decayed count.
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
