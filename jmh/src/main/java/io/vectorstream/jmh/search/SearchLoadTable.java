package io.vectorstream.jmh.search;

import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.SearchLoadResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The result and the targets of a search load, as a table for readers. */
final class SearchLoadTable {
  private static final double P99_MS = 50;

  private SearchLoadTable() {}

  /** Compares the searches with their targets, and the stream with the target to lose no event. */
  static List<Target> targets(double p99Ms, long failed, long lost) {
    return List.of(
        new Target("search p99", "< " + millis(P99_MS), millis(p99Ms), p99Ms < P99_MS),
        new Target("failed searches", "0", String.format(Locale.ROOT, "%,d", failed), failed == 0),
        new Target("lost", "0", String.format(Locale.ROOT, "%,d", lost), lost == 0));
  }

  private static String millis(double ms) {
    return String.format(Locale.ROOT, "%.1f ms", ms);
  }

  static void print(SearchLoadResult result, PrintWriter out) {
    SearchLoadResult.Latency latency = result.latencyMs();
    RunSummary stream = result.stream();
    out.printf(
        "%,.0f requests/s for %,.0f s, each with a query of its own, over %,d products, while %,.0f"
            + " events/s came in%n",
        result.requestsPerSecond(), result.seconds(), result.products(), result.eventsPerSecond());
    out.printf("%10s %10s %10s %10s %10s %10s%n", "mean", "p50", "p90", "p99", "p99.9", "max");
    out.printf(
        "%7.1f ms %7.1f ms %7.1f ms %7.1f ms %7.1f ms %7.1f ms%n",
        latency.mean(), latency.p50(), latency.p90(), latency.p99(), latency.p999(), latency.max());
    out.printf(
        "%,d requests, %,d failed, %,d without a result; answers by status: %s%n",
        result.requests(), result.failed(), result.withoutResult(), result.statuses());
    out.printf(
        "the stream meanwhile: %,d sent, %,d stored, %,d lost; latency p50 %,d ms, p99 %,d ms%n",
        stream.events().sent(),
        stream.events().stored(),
        stream.events().lost(),
        stream.latencyMs().p50(),
        stream.latencyMs().p99());
    for (Target target : result.targets()) {
      out.printf(
          "%-8s%-18s%-12s%s%n",
          target.met() ? "met" : "MISSED", target.name(), target.target(), target.actual());
    }
    out.flush();
  }
}
