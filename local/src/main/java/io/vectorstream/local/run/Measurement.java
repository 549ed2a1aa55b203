package io.vectorstream.local.run;

import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.local.probe.LatencyCurve;
import io.vectorstream.local.probe.LoadProbes.Findings;
import io.vectorstream.local.run.BatchLog.Beginning;
import io.vectorstream.local.run.BatchLog.Latencies;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.reports.result.Environment;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.ColdStart;
import io.vectorstream.reports.result.RunSummary.Embedding;
import io.vectorstream.reports.result.RunSummary.Events;
import io.vectorstream.reports.result.RunSummary.Late;
import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.RunSummary.Memory;
import io.vectorstream.reports.result.RunSummary.ResourceSample;
import io.vectorstream.reports.result.RunSummary.Steady;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.RunSummary.Throughput;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The measurements of a run, before they are judged.
 *
 * @param startedAt when the first record was due
 * @param finishedAt when everything was counted
 * @param loadEnd when the last record was delivered to Kafka
 * @param batches those that committed records of this run
 * @param pipelineStart how long the pipeline took to start, Spark and the model included
 * @param beginning what is known of the run's start
 * @param latencies of every event stored in this run
 * @param totals the pipeline's own counts in this run
 * @param stored events that the store holds more than before
 * @param deadLettered records that the dead-letter topic holds more than before
 * @param embedding the work of embedding in this run
 * @param resources the resources of the process, sample by sample
 * @param findings of what was asked while the load was on; its events are part of the load
 */
record Measurement(
    Instant startedAt,
    Instant finishedAt,
    Environment environment,
    LoadReport load,
    Instant loadEnd,
    List<Batch> batches,
    Duration pipelineStart,
    Beginning beginning,
    Latencies latencies,
    PipelineTotals totals,
    long stored,
    long deadLettered,
    EmbeddingStats embedding,
    long peakRssMb,
    List<ResourceSample> resources,
    Findings findings) {

  RunSummary judge(RunPlan plan) {
    Duration trigger = plan.settings().stream().trigger();
    Events events = events();
    Throughput throughput = throughput(trigger, plan.load().warmUp());
    Latency latency = LatencyCurve.summary(latencies.all());
    ColdStart coldStart = coldStart();
    Steady steady = steady(trigger);
    return new RunSummary(
        RunSummary.SCHEMA,
        startedAt,
        finishedAt,
        plan.workload(),
        environment,
        events,
        throughput,
        latency,
        LatencyCurve.of(latencies.all()),
        new Embedding(
            embedding.texts(),
            rounded(embedding.textsPerSecond(), 10),
            rounded(embedding.cacheHitRatio(), 10_000)),
        new Memory(peakRssMb),
        resources,
        batches,
        targets(plan, events, coldStart, steady),
        findings.fresh(),
        findings.searchable(),
        findings.searches(),
        coldStart,
        steady,
        late());
  }

  private List<Target> targets(RunPlan plan, Events events, ColdStart coldStart, Steady steady) {
    Load asked = plan.load();
    List<Target> targets = new ArrayList<>();
    targets.add(ColdTargets.firstStored(coldStart));
    // A rate that is looked for starts low, and its steady state is what the search finds.
    if (!asked.rate().isMax()) {
      targets.add(ColdTargets.steady(coldStart, asked.duration()));
    }
    targets.addAll(
        List.of(
            Targets.throughput(asked, load.eventsPerSecond(), steady),
            Targets.latency(asked, steady),
            Targets.lost(events),
            Targets.duplicates(events, load.duplicates()),
            Targets.errorRate(events, load.malformed()),
            Targets.memory(peakRssMb)));
    targets.addAll(ProbeTargets.of(findings));
    Duration trigger = plan.settings().stream().trigger();
    // A short run has too few batches.
    if (plan.load().duration().compareTo(trigger.multipliedBy(Targets.TRIGGERS_TO_JUDGE)) >= 0) {
      targets.add(Targets.batchInterval(steadyBatches(), trigger, loadEnd, asked.duration()));
    }
    if (plan.load().duration().compareTo(Targets.LONG_RUN) >= 0) {
      targets.addAll(Targets.flat(resources));
    }
    return targets;
  }

  private Events events() {
    long lost = load.sent() - stored - deadLettered - totals.duplicates();
    return new Events(load.sent(), stored, deadLettered, totals.duplicates(), lost);
  }

  private Throughput throughput(Duration trigger, Duration warmUp) {
    double best =
        batches.stream()
            .filter(batch -> batch.durationMs() > 0)
            .mapToDouble(batch -> batch.events() * 1000.0 / batch.durationMs())
            .max()
            .orElse(0);
    Instant lastCommit =
        batches.isEmpty() ? loadEnd : BatchLog.commit(batches.get(batches.size() - 1));
    double untilLastCommit = SustainedRate.seconds(Duration.between(startedAt, lastCommit));
    double withDrain = untilLastCommit > 0 ? totals.records() / untilLastCommit : 0;
    double sustained = SustainedRate.between(batches, trigger, startedAt, loadEnd);
    return new Throughput(
        rounded(load.eventsPerSecond(), 10),
        // With fewer than two batches under load, no better figure is known.
        rounded(sustained > 0 ? sustained : withDrain, 10),
        rounded(best, 10),
        rounded(SustainedRate.between(batches, trigger, startedAt.plus(warmUp), loadEnd), 10),
        SustainedRate.seconds(warmUp),
        rounded(withDrain, 10));
  }

  private ColdStart coldStart() {
    return new ColdStart(
        pipelineStart.toMillis(),
        beginning.firstStoredAt().map(this::sinceStart).orElse(null),
        beginning.steadyAt().filter(at -> !at.isAfter(loadEnd)).map(this::sinceStart).orElse(null));
  }

  private long sinceStart(Instant time) {
    return Math.max(0, Duration.between(startedAt, time).toMillis());
  }

  /** Returns the steady state under load; what is drained after it belongs to it. */
  private Steady steady(Duration trigger) {
    List<Batch> counted =
        steadyBatches().stream().filter(batch -> !batch.startedAt().isAfter(loadEnd)).toList();
    if (counted.isEmpty()) {
      return new Steady(0, 0, null, 0, null);
    }
    Instant since = counted.get(0).startedAt();
    double sustained = SustainedRate.between(counted, trigger, since, loadEnd);
    return new Steady(
        counted.size(),
        rounded(
            SustainedRate.seconds(
                Duration.between(since, counted.get(counted.size() - 1).startedAt())),
            10),
        sustained > 0 ? rounded(sustained, 10) : null,
        latencies.steady().getTotalCount(),
        latencies.steady().getTotalCount() == 0 ? null : LatencyCurve.summary(latencies.steady()));
  }

  private List<Batch> steadyBatches() {
    return beginning
        .measuredSince()
        .map(since -> batches.stream().filter(batch -> !batch.startedAt().isBefore(since)).toList())
        .orElse(List.of());
  }

  private Late late() {
    Histogram late = latencies.late();
    return late.getTotalCount() == 0
        ? null
        : new Late(late.getTotalCount(), LatencyCurve.summary(late));
  }

  /** Rounds to a tenth, a hundredth…, so that the JSON has no digits without meaning. */
  private static double rounded(double value, long parts) {
    return (double) Math.round(value * parts) / parts;
  }
}
