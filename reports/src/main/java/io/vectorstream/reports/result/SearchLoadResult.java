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
 * @param withoutResult requests that were answered with an empty list
 * @param statuses answers by HTTP status; 0 for no answer
 * @param latencyMs from the moment that a request was due to its answer
 * @param targets what was asked of the searches, and of the stream that no event is lost; empty
 *     where the file has none
 * @param stream what the pipeline did in the same minutes
 */
public record SearchLoadResult(
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

  public SearchLoadResult {
    statuses = statuses == null ? Map.of() : statuses;
    targets = Lists.of(targets);
  }

  /** Latencies in milliseconds. */
  public record Latency(double mean, double p50, double p90, double p99, double p999, double max) {}

  @Override
  public ResultKind kind() {
    return ResultKind.SEARCH;
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
