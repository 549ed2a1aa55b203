package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import java.math.BigInteger;

/**
 * What one event adds to its product, its user and its minute, worked out before it is added to any
 * of them: an event at which that fails has not changed one sum and left out another.
 *
 * @param version the product as the event describes it; null without a product
 * @param product where it is added; null without a product, and outside of {@link Deltas}
 * @param revenueUnits what it brought in, in ten-thousandths
 * @param trend the logarithm to the base 2 of what it adds to its product's demand
 * @param minute in which it counts: whole minutes since 1970
 */
public record EventShare(
    ShopEvent event,
    ProductVersion version,
    DescribedProduct product,
    BigInteger revenueUnits,
    double trend,
    long minute) {

  static EventShare of(ShopEvent event, ProductVersion version, DescribedProduct product) {
    return new EventShare(
        event,
        version,
        product,
        Revenue.units(event),
        Trend.of(event),
        MinuteDelta.minuteOf(event.countedAtMicros()));
  }

  String textHash() {
    return version == null ? null : version.textHash();
  }
}
