package io.vectorstream.local.probe;

import io.vectorstream.config.PositiveDuration;
import java.time.Duration;

/**
 * What is asked of how soon an action can be seen: the 99th percentile of the time from an event's
 * own timestamp. What is null is measured, and not judged.
 *
 * @param click until an answer of the API about its user has changed
 * @param event until the store has the event
 * @param product until a search finds a product that the event was the first about
 */
public record FreshPlan(
    @PositiveDuration Duration click,
    @PositiveDuration Duration event,
    @PositiveDuration Duration product) {

  /** What {@code --fresh} asks where no workload does. */
  public static final FreshPlan USUAL = new FreshPlan(Duration.ofMillis(300), null, null);
}
