package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A result whose file says when its measuring began, and in what environment. */
sealed interface EnvironmentResult extends Result
    permits RunSummary, SweepResult, BesideResult, AgainstResult, Ladder {

  Instant startedAt();

  Environment environment();

  @Override
  default Optional<Machine> measuredOn() {
    return Optional.of(environment().machine());
  }

  @Override
  default Optional<Instant> measuredAt() {
    return Optional.of(startedAt());
  }

  @Override
  default Map<String, String> software() {
    return environment().allVersions();
  }
}
