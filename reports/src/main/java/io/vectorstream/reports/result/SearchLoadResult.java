package io.vectorstream.reports.result;

import io.vectorstream.reports.result.Searches.Figures;
import io.vectorstream.reports.result.Searches.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Searches at a fixed rate while events come in, as earlier versions wrote them into a file of
 * their own; now {@link RunSummary#searches} has them.
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

  /** Gives these searches as those of a run: one step, by text. */
  public Searches asSearches() {
    Map<String, Long> failures = new TreeMap<>();
    statuses.forEach(
        (status, count) -> {
          if (!status.equals("200")) {
            failures.put(status.equals("0") ? "no answer" : "HTTP " + status, count);
          }
        });
    Figures figures =
        new Figures(
            requests, (requests - failed) / seconds, failed, withoutResult, failures, latencyMs);
    return new Searches(
        products,
        null,
        null,
        null,
        List.of(new Step(requestsPerSecond, seconds, figures, Map.of("text", figures))),
        List.of(),
        null);
  }

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
