package io.vectorstream.local.sweep;

import java.time.Duration;

/**
 * One run of a sweep.
 *
 * @param duration how long events are sent
 * @param warmUp the first part of it, which does not count for the rate
 * @param firstRate where a rate that is to be found starts, in events per second
 */
public record Step(
    Configuration configuration, Duration duration, Duration warmUp, double firstRate) {

  /** With fewer, an unlucky batch decides, or the rate is not found yet. */
  private static final int TRIGGERS_TO_WARM_UP = 2;

  private static final int TRIGGERS_TO_MEASURE = 4;

  /** A run that lasts as asked, or longer where the trigger is too long for that. */
  static Step of(
      Configuration configuration, Duration duration, Duration warmUp, double firstRate) {
    Duration trigger = configuration.trigger();
    Duration before = longer(warmUp, trigger.multipliedBy(TRIGGERS_TO_WARM_UP));
    Duration all = before.plus(trigger.multipliedBy(TRIGGERS_TO_MEASURE));
    return new Step(configuration, longer(duration, all), before, firstRate);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
