package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import java.math.BigInteger;

/**
 * The effect of one event on its product, its user and its minute, computed before it is added to
 * any of them: so an event whose computation fails cannot change one sum and leave out another.
 *
 * @param version the product as the event describes it; null without a product
 * @param product the sum to add to; null without a product, and outside of {@link Deltas}
 * @param revenueUnits its revenue, in ten-thousandths
 * @param trend the logarithm to the base 2 of its product's additional demand
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
