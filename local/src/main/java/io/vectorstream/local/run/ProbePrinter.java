package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Fresh;
import io.vectorstream.reports.result.SearchLoadResult;
import io.vectorstream.reports.result.Searchable.Sightings;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.reports.result.Searches.Figures;
import io.vectorstream.reports.result.Searches.Recall;
import java.io.PrintStream;
import java.util.Locale;

/** The output, for a reader, of what was asked while the load was on. */
final class ProbePrinter {
  private final PrintStream out;

  ProbePrinter(PrintStream out) {
    this.out = out;
  }

  void print(RunSummary summary) {
    if (summary.searchable() != null) {
      sightings("Searchable", "events were in the store", summary.searchable().events());
      sightings("", "new products were found by a search", summary.searchable().products());
    }
    if (summary.fresh() != null) {
      fresh(summary.fresh());
    }
    if (summary.searches() != null) {
      searches(summary.searches());
    }
  }

  private void sightings(String name, String what, Sightings seen) {
    out.printf(
        "%-12s%s %s after %s%s%n",
        name,
        NumberText.count(seen.count()),
        what,
        ResultPrinter.percentiles(seen.latencyMs()),
        seen.unseen() == 0
            ? ""
            : "; %s of them were not, up to the end".formatted(NumberText.count(seen.unseen())));
  }

  private void fresh(Fresh fresh) {
    out.printf(
        "Fresh       %s clicks changed an answer after %s%s%n",
        NumberText.count(fresh.clicks()),
        ResultPrinter.percentiles(fresh.latencyMs()),
        fresh.unseen() == 0
            ? ""
            : "; %s of them did not".formatted(NumberText.count(fresh.unseen())));
    out.printf(
        "            %s other requests a second were answered after p50 %s, p99 %s%n",
        NumberText.perSecond(fresh.requestsPerSecond()),
        NumberText.time(fresh.requestMs().p50()),
        NumberText.time(fresh.requestMs().p99()));
    if (fresh.failedRequests() != null && fresh.failedRequests() > 0) {
      out.printf(
          "            %s other requests failed%n", NumberText.count(fresh.failedRequests()));
    }
  }

  private void searches(Searches searches) {
    out.printf(
        "Searches    over %s products%n            %8s %10s  %-8s %9s %9s %9s %9s %9s %8s%n",
        NumberText.count(searches.products()),
        "asked/s",
        "answered/s",
        "kind",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "max",
        "failed");
    for (Searches.Step step : searches.steps()) {
      line(
          step,
          step.kinds().size() == 1 ? step.kinds().keySet().iterator().next() : "all",
          step.all());
      if (step.kinds().size() > 1) {
        step.kinds().forEach((kind, figures) -> line(step, kind, figures));
      }
    }
    for (Recall recall : searches.recall()) {
      out.printf(
          Locale.ROOT,
          "            recall@%d by %s: %.3f, of %d searches%n",
          recall.neighbours(),
          recall.kind(),
          recall.recall(),
          recall.searches());
    }
    if (searches.recallProblem() != null) {
      out.printf("            recall was not measured: %s%n", searches.recallProblem());
    }
  }

  private void line(Searches.Step step, String kind, Figures figures) {
    SearchLoadResult.Latency latency = figures.latencyMs();
    boolean isAnswered = figures.answered() > 0;
    out.printf(
        Locale.ROOT,
        "            %8.1f %10.1f  %-8s %9s %9s %9s %9s %9s %8s%s%n",
        step.asked(),
        figures.answeredPerSecond(),
        kind,
        isAnswered ? millis(latency.p50()) : "-",
        isAnswered ? millis(latency.p90()) : "-",
        isAnswered ? millis(latency.p99()) : "-",
        isAnswered ? millis(latency.p999()) : "-",
        isAnswered ? millis(latency.max()) : "-",
        NumberText.count(figures.failed()),
        figures.failures().isEmpty() ? "" : "  " + figures.failures());
  }

  private static String millis(double ms) {
    return String.format(Locale.ROOT, "%,.1f ms", ms);
  }
}
