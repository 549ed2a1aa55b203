package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary.ColdStart;
import io.vectorstream.reports.result.RunSummary.Target;
import java.time.Duration;

/** The targets of a run's start, which is cold. */
final class ColdTargets {
  private ColdTargets() {}

  static Target firstStored(ColdStart start) {
    return within(
        "first stored",
        start.firstStoredMs(),
        "no event was stored",
        // Waits until all records are processed, so that one that is not stored never was.
        true);
  }

  /**
   * Returns the target of the time until the steady state, from the first record on: what waited
   * meanwhile is processed by then.
   *
   * @param sent how long events were sent
   */
  static Target steady(ColdStart start, Duration sent) {
    boolean isLongEnough = sent.compareTo(SteadyState.COLD) >= 0;
    return within(
        "steady",
        start.steadyMs(),
        isLongEnough
            ? "not in %s".formatted(NumberText.seconds(sent))
            : "events were sent for %s only".formatted(NumberText.seconds(sent)),
        isLongEnough);
  }

  private static Target within(String name, Long ms, String otherwise, boolean isKnown) {
    String asked = "<= " + NumberText.time(SteadyState.COLD.toMillis()) + " from the start";
    if (ms != null) {
      return new Target(name, asked, NumberText.time(ms), ms <= SteadyState.COLD.toMillis());
    }
    return isKnown
        ? new Target(name, asked, otherwise, false)
        : Target.notMeasured(name, asked, otherwise);
  }
}
