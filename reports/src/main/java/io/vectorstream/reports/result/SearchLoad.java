package io.vectorstream.reports.result;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Searches at a fixed rate while events come in.
 *
 * @param products in the store
 * @param failed requests that were answered with an error, or not at all
 * @param statuses answers by HTTP status
 * @param latencyMs from the moment that a request was due to its answer
 * @param targets empty where the file has none
 * @param stream the run of the pipeline in the meantime
 */
public record SearchLoad(
    int schema,
    Instant startedAt,
    int products,
    double requestsPerSecond,
    double eventsPerSecond,
    double seconds,
    long requests,
    long failed,
    long withoutResult,
    Map<String, Long> statuses,
    Latency latencyMs,
    List<RunSummary.Target> targets,
    RunSummary stream)
    implements Result {

  public SearchLoad {
    statuses = statuses == null ? Map.of() : statuses;
    targets = Lists.of(targets);
  }

  /** Latencies in milliseconds. */
  public record Latency(double mean, double p50, double p90, double p99, double p999, double max) {}

  @Override
  public Kind kind() {
    return Kind.SEARCH;
  }

  @Override
  public Optional<Machine> measuredOn() {
    return stream.measuredOn();
  }

  @Override
  public Optional<Instant> measuredAt() {
    return Optional.of(startedAt);
  }

  @Override
  public Map<String, String> software() {
    return stream.software();
  }
}
