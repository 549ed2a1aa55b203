package io.vectorstream.local.sweep;

import com.google.common.collect.Comparators;
import java.time.Duration;

/**
 * One run of a sweep.
 *
 * @param duration how long events are sent
 * @param warmUp the first part of it, which does not count for the rate
 */
public record SweepRun(Configuration configuration, Duration duration, Duration warmUp) {
  private static final int TRIGGERS_TO_WARM_UP = 2;

  /** The triggers to find the rate: from a careful start to the limit takes three batches. */
  private static final int TRIGGERS_TO_FIND_THE_RATE = 3;

  /** The triggers to measure: with fewer, a single slow batch decides. */
  private static final int TRIGGERS_TO_MEASURE = 4;

  /** Returns a run that lasts as long as asked, or longer if the trigger is too long for that. */
  static SweepRun of(Configuration configuration, Duration duration, Duration warmUp) {
    Duration trigger = configuration.trigger();
    int first = configuration.rate().isMax() ? TRIGGERS_TO_FIND_THE_RATE : TRIGGERS_TO_WARM_UP;
    Duration before = Comparators.max(warmUp, trigger.multipliedBy(first));
    Duration all = before.plus(trigger.multipliedBy(TRIGGERS_TO_MEASURE));
    return new SweepRun(configuration, Comparators.max(duration, all), before);
  }
}
