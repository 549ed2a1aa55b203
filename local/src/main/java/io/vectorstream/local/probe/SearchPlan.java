package io.vectorstream.local.probe;

import io.vectorstream.config.PositiveDuration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.Range;

/**
 * Searches beside a load, and what is asked of them.
 *
 * @param kinds the mix; empty: by text alone
 * @param rates searches per second, one after another, in equal parts of the time after the warm-up
 * @param p99 the most that the 99th percentile of their latency may be; null for no target
 * @param upTo the highest rate of which {@code p99}, and that none fails, is asked; null: of all
 * @param recall the least share of the ten really nearest that a search has to find; null: it is
 *     not measured
 */
public record SearchPlan(
    List<@Valid Share> kinds,
    @NotEmpty(message = "must name a rate")
        List<@Positive(message = ABOVE_0) @DecimalMax(value = "10000", message = MOST) Double>
            rates,
    @PositiveDuration Duration p99,
    @Positive(message = ABOVE_0) Double upTo,
    @Range(max = 1, message = "must be from {min} to {max}") Double recall) {

  private static final String ABOVE_0 = "must be above 0";
  private static final String MOST = "must be 10000 or less";

  /**
   * A kind of search, and how many of all are of it.
   *
   * @param share as a weight beside the other kinds; null: 1
   */
  public record Share(@NotNull SearchKind kind, @Positive(message = ABOVE_0) Double share) {
    double weight() {
      return share == null ? 1 : share;
    }
  }

  /** The shortest time at one rate that says something about its slowest hundredth. */
  public static final Duration SHORTEST_STEP = Duration.ofSeconds(2);

  public SearchPlan {
    kinds = kinds == null || kinds.isEmpty() ? List.of(new Share(SearchKind.TEXT, null)) : kinds;
  }

  /** Returns the time of each rate in a load of this length. */
  public Duration step(Duration duration, Duration warmUp) {
    return duration.minus(warmUp).dividedBy(rates.size());
  }
}
