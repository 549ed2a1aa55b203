package io.vectorstream.local.run;

import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.local.probe.LatencyCurve;
import io.vectorstream.local.probe.LoadProbes.Findings;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.reports.result.Environment;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Embedding;
import io.vectorstream.reports.result.RunSummary.Events;
import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.RunSummary.Memory;
import io.vectorstream.reports.result.RunSummary.ResourceSample;
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
 * @param latencyMs of every event stored in this run
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
    Histogram latencyMs,
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
    Latency latency = latency();
    return new RunSummary(
        RunSummary.SCHEMA,
        startedAt,
        finishedAt,
        plan.workload(),
        environment,
        events,
        throughput,
        latency,
        LatencyCurve.of(latencyMs),
        new Embedding(
            embedding.texts(),
            rounded(embedding.textsPerSecond(), 10),
            rounded(embedding.cacheHitRatio(), 10_000)),
        new Memory(peakRssMb),
        resources,
        batches,
        targets(plan, events, throughput, latency),
        findings.fresh(),
        findings.searchable(),
        findings.searches());
  }

  private List<Target> targets(
      RunPlan plan, Events events, Throughput throughput, Latency latency) {
    List<Target> targets =
        new ArrayList<>(
            List.of(
                Targets.throughput(plan.load(), throughput),
                Targets.latency(latency),
                Targets.lost(events),
                Targets.duplicates(events, load.duplicates()),
                Targets.errorRate(events, load.malformed()),
                Targets.memory(peakRssMb)));
    targets.addAll(ProbeTargets.of(findings));
    Duration trigger = plan.settings().stream().trigger();
    // The first batches of a run embed a catalogue and come late; a short run may have no others.
    if (plan.load().duration().compareTo(trigger.multipliedBy(Targets.TRIGGERS_TO_JUDGE)) >= 0) {
      targets.add(Targets.batchInterval(batches, trigger, loadEnd));
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

  private Latency latency() {
    return LatencyCurve.summary(latencyMs);
  }

  /** Rounds to a tenth, a hundredth…, so that the JSON has no digits without meaning. */
  private static double rounded(double value, long parts) {
    return (double) Math.round(value * parts) / parts;
  }
}
