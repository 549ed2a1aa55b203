package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.ColdStart;
import io.vectorstream.reports.result.RunSummary.Events;
import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.RunSummary.ResourceSample;
import io.vectorstream.reports.result.RunSummary.Steady;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.RunSummary.Throughput;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Function;

/** The output of a run's summary for a reader. */
public final class ResultPrinter {
  private static final int MOST_BATCHES = 10;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  /** The duration of a run whose second fifth comes after the warm-up, and has samples. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(5);

  private final PrintStream out;

  public ResultPrinter(PrintStream out) {
    this.out = out;
  }

  /**
   * @param load that was sent; it explains some of the numbers
   */
  public void print(RunSummary summary, Load load) {
    targets(summary.targets());
    counted(summary.events());
    coldStart(summary.coldStart());
    rates(summary, load);
    latency(summary);
    new ProbePrinter(out).print(summary);
    out.printf(
        "Embedding   %s texts at %s, %s of the requested texts were in the cache%n",
        NumberText.count(summary.embedding().texts()),
        NumberText.perSecond(summary.embedding().textsPerSecond()),
        NumberText.percent(summary.embedding().cacheHitRatio()));
    if (load.duration().compareTo(LONG_ENOUGH) >= 0) {
      resources(summary.resources());
    }
    batches(summary.batches());
  }

  private void targets(List<Target> targets) {
    out.println();
    out.printf("%-8s%-18s%-34s%s%n", "", "target", "asked", "measured");
    for (Target target : targets) {
      out.printf(
          "%-8s%-18s%-34s%s%n",
          target.isMet() ? "met" : target.isMissed() ? "MISSED" : "–",
          target.name(),
          target.target(),
          target.actual());
    }
    out.println();
  }

  private void counted(Events events) {
    out.printf(
        "Events      %s sent = %s stored + %s dead-lettered + %s duplicates + %s lost%n",
        NumberText.count(events.sent()),
        NumberText.count(events.stored()),
        NumberText.count(events.deadLettered()),
        NumberText.count(events.duplicates()),
        NumberText.count(events.lost()));
  }

  private void coldStart(ColdStart start) {
    if (start != null) {
      out.printf(
          "Cold start  pipeline ready in %s; from the first event on: stored after %s, steady %s%n",
          NumberText.time(start.pipelineMs()),
          start.firstStoredMs() == null ? "–" : NumberText.time(start.firstStoredMs()),
          start.steadyMs() == null
              ? "not while events were sent"
              : "after " + NumberText.time(start.steadyMs()));
    }
  }

  private void rates(RunSummary summary, Load load) {
    Throughput rates = summary.throughputEps();
    out.printf(
        "Throughput  %s offered, %s sustained, %s in the best batch%n",
        NumberText.perSecond(rates.offered()),
        NumberText.perSecond(rates.sustained()),
        NumberText.perSecond(rates.bestBatch()));
    if (summary.steady() != null && summary.steady().sustained() != null) {
      out.printf(
          "            %s sustained when steady, over %d batches%n",
          NumberText.perSecond(summary.steady().sustained()), summary.steady().batches());
    }
    if (!load.warmUp().isZero()) {
      out.printf(
          "            %s sustained after the first %d s%n",
          NumberText.perSecond(rates.sustainedAfterWarmup()), load.warmUp().toSeconds());
    }
  }

  private void latency(RunSummary summary) {
    out.printf("Latency     %s%n", percentiles(summary.latencyMs()));
    Steady steady = summary.steady();
    if (steady != null && steady.latencyMs() != null) {
      out.printf("            steady: %s%n", percentiles(steady.latencyMs()));
    }
    if (summary.late() != null) {
      out.printf(
          "            %s events were sent late on purpose, and are apart: %s%n",
          NumberText.count(summary.late().events()), percentiles(summary.late().latencyMs()));
    }
  }

  static String percentiles(Latency latency) {
    return "p50 %s, p95 %s, p99 %s, max %s"
        .formatted(
            NumberText.time(latency.p50()),
            NumberText.time(latency.p95()),
            NumberText.time(latency.p99()),
            NumberText.time(latency.max()));
  }

  /** Prints the resources that the machine reports. */
  private void resources(List<ResourceSample> samples) {
    out.printf(
        "Resources   %-20s %12s %12s %12s%n", "medians", "second fifth", "last fifth", "change");
    resource("RSS, MB", samples, ResourceSample::rssMb);
    resource("heap, MB", samples, ResourceSample::heapMb);
    resource("threads", samples, ResourceSample::threads);
    resource("file handles", samples, ResourceSample::fileHandles);
    resource("checkpoint, files", samples, ResourceSample::checkpointFiles);
    resource("checkpoint, kB", samples, ResourceSample::checkpointKb);
  }

  private void resource(
      String name, List<ResourceSample> samples, Function<ResourceSample, Long> figure) {
    ResourceTrend.of(samples, figure)
        .ifPresent(
            trend ->
                out.printf(
                    "            %-20s %12s %12s %12s%n",
                    name,
                    NumberText.count(trend.warm()),
                    NumberText.count(trend.end()),
                    NumberText.change(trend.change())));
  }

  private void batches(List<Batch> batches) {
    out.printf(
        "Batches     %6s  %-12s %10s %10s %10s %10s %10s%n",
        "id", "start (UTC)", "events", "time", "parse", "embed", "store");
    int left = Math.max(0, batches.size() - MOST_BATCHES);
    if (left > 0) {
      out.printf("            %6s  and %d more before these%n", "", left);
    }
    for (Batch batch : batches.subList(left, batches.size())) {
      out.printf(
          "            %6d  %-12s %10s %10s %10s %10s %10s%n",
          batch.id(),
          TIME.format(batch.startedAt()),
          NumberText.count(batch.events()),
          NumberText.time(batch.durationMs()),
          NumberText.time(batch.phasesMs().parse()),
          NumberText.time(batch.phasesMs().embed()),
          NumberText.time(batch.phasesMs().store()));
    }
  }
}
