package io.vectorstream.local.run;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.registry.EventFormat;
import java.time.Duration;

/**
 * The events of a run.
 *
 * @param shape in which the records are written
 * @param seed of the shoppers; the same seed gives events with the same ids
 * @param duration how long they are sent
 * @param warmUp the first part of it, which one of the two sustained rates leaves out
 * @param leastRate events per second that the pipeline has to sustain for the run to succeed
 * @param format in which they are sent
 */
public record Load(
    Catalog catalog,
    ShopperSettings shoppers,
    RecordShape shape,
    long seed,
    Rate rate,
    Duration duration,
    Duration warmUp,
    double leastRate,
    EventFormat format) {

  /** The share of the offered rate to be sustained: the last percent allows for inexact clocks. */
  public static final double SUSTAINED_SHARE = 0.99;

  /** Returns the least rate when only the offered rate is known; with {@link Rate#MAX}, 1,000. */
  public static double leastRate(Rate rate) {
    return rate.isMax() ? 1000 : SUSTAINED_SHARE * rate.perSecond();
  }
}
