package io.vectorstream.jmh.search;

import io.vectorstream.local.run.RunSummary;
import io.vectorstream.local.run.RunSummary.Target;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of a search load.
 *
 * @param latencyMs from the moment that a request was due to its answer
 * @param targets those of the searches, and of the stream that no event is lost
 * @param stream the run of the pipeline in the same minutes, as {@code validate} writes it
 */
public record SearchLoadResult(
    int schema,
    String startedAt,
    int products,
    double requestsPerSecond,
    double eventsPerSecond,
    double seconds,
    long requests,
    long failed,
    long withoutResult,
    Map<Integer, Long> statuses,
    Latency latencyMs,
    List<Target> targets,
    RunSummary stream) {

  private static final double P99_MS = 50;

  static List<Target> targets(double p99Ms, long failed, long lost) {
    return List.of(
        new Target("search p99", "< " + millis(P99_MS), millis(p99Ms), p99Ms < P99_MS),
        new Target("failed searches", "0", String.format(Locale.ROOT, "%,d", failed), failed == 0),
        new Target("lost", "0", String.format(Locale.ROOT, "%,d", lost), lost == 0));
  }

  private static String millis(double ms) {
    return String.format(Locale.ROOT, "%.1f ms", ms);
  }

  /** Latencies in milliseconds. */
  public record Latency(double mean, double p50, double p90, double p99, double p999, double max) {}

  void print(PrintWriter out) {
    out.printf(
        "%,.0f requests/s for %,.0f s, each with a query of its own, over %,d products, while %,.0f"
            + " events/s came in%n",
        requestsPerSecond, seconds, products, eventsPerSecond);
    out.printf("%10s %10s %10s %10s %10s %10s%n", "mean", "p50", "p90", "p99", "p99.9", "max");
    out.printf(
        "%7.1f ms %7.1f ms %7.1f ms %7.1f ms %7.1f ms %7.1f ms%n",
        latencyMs.mean(),
        latencyMs.p50(),
        latencyMs.p90(),
        latencyMs.p99(),
        latencyMs.p999(),
        latencyMs.max());
    out.printf(
        "%,d requests, %,d failed, %,d without a result; answers by status: %s%n",
        requests, failed, withoutResult, statuses);
    out.printf(
        "the stream meanwhile: %,d sent, %,d stored, %,d lost; latency p50 %,d ms, p99 %,d ms%n",
        stream.events().sent(),
        stream.events().stored(),
        stream.events().lost(),
        stream.latencyMs().p50(),
        stream.latencyMs().p99());
    for (Target target : targets) {
      out.printf(
          "%-8s%-18s%-12s%s%n",
          target.met() ? "met" : "MISSED", target.name(), target.target(), target.actual());
    }
    out.flush();
  }
}
