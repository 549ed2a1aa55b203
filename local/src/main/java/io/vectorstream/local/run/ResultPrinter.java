package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Events;
import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.RunSummary.ResourceSample;
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
    rates(summary.throughputEps(), load);
    latency(summary.latencyMs(), load);
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
          target.met() ? "met" : "MISSED", target.name(), target.target(), target.actual());
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

  private void rates(Throughput rates, Load load) {
    out.printf(
        "Throughput  %s offered, %s sustained, %s in the best batch%n",
        NumberText.perSecond(rates.offered()),
        NumberText.perSecond(rates.sustained()),
        NumberText.perSecond(rates.bestBatch()));
    if (!load.warmUp().isZero()) {
      out.printf(
          "            %s sustained after the first %d s%n",
          NumberText.perSecond(rates.sustainedAfterWarmup()), load.warmUp().toSeconds());
    }
  }

  private void latency(Latency latency, Load load) {
    out.printf(
        "Latency     p50 %s, p95 %s, p99 %s, max %s%n",
        NumberText.time(latency.p50()),
        NumberText.time(latency.p95()),
        NumberText.time(latency.p99()),
        NumberText.time(latency.max()));
    if (load.shoppers().lateShare() > 0) {
      out.printf(
          "            %s of the events are sent late on purpose and count with their lateness%n",
          NumberText.percent(load.shoppers().lateShare()));
    }
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
