package io.vectorstream.local.phase;

import io.vectorstream.config.PositiveDuration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.Range;

/**
 * A part of a load, with what is asked of a system in it.
 *
 * @param name as results name it
 * @param duration how long it lasts
 * @param rate events per second, in a ramp those at its end; 0 for a pause
 * @param rampFrom events per second at its beginning; null: the rate
 * @param newProducts share of the events that are about products which no other phase has; null for
 *     none
 * @param faults what is broken in it
 * @param randomFaults faults that are drawn by the seed of the load, beside those; null for none
 * @param recoveredWithin the longest time from the beginning of a fault until the system is as
 *     before it; null: not asked
 * @param p99 the most that the 99th percentile may be until an event can be found; null: not asked
 * @param lost events that may be lost; null: as the system promises
 */
public record Phase(
    @NotNull
        @Pattern(
            regexp = "[a-z0-9-]{1,40}",
            message = "is no name; expected lower-case letters, digits and -, at most 40")
        String name,
    @NotNull @PositiveDuration Duration duration,
    @NotNull @PositiveOrZero(message = NOT_NEGATIVE) @DecimalMax(value = "1e9", message = FINITE)
        Double rate,
    @PositiveOrZero(message = NOT_NEGATIVE) @DecimalMax(value = "1e9", message = FINITE)
        Double rampFrom,
    @Range(max = 1, message = "must be from {min} to {max}") Double newProducts,
    List<@Valid Fault> faults,
    @Range(max = 100, message = "must be from {min} to {max}") Integer randomFaults,
    @PositiveDuration Duration recoveredWithin,
    @PositiveDuration Duration p99,
    @Min(value = 0, message = NOT_NEGATIVE) Long lost) {

  private static final String NOT_NEGATIVE = "must be 0 or more";
  private static final String FINITE = "must be 1e9 or less";

  double newShare() {
    return newProducts == null ? 0 : newProducts;
  }

  int drawnFaults() {
    return randomFaults == null ? 0 : randomFaults;
  }

  /** Returns the events per second at a time after its beginning; a ramp rises in whole seconds. */
  double rateAfter(Duration time) {
    if (rampFrom == null) {
      return rate;
    }
    double share =
        Math.min(1, (time.toSeconds() + 0.5) / Math.max(1, duration.toMillis() / 1000.0));
    return rampFrom + share * (rate - rampFrom);
  }

  /** Returns the events that are due in it. */
  double events() {
    double seconds = duration.toMillis() / 1000.0;
    return seconds * (rampFrom == null ? rate : (rampFrom + rate) / 2);
  }
}
