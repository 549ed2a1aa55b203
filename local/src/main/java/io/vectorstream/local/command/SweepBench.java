package io.vectorstream.local.command;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.PipelineRun;
import io.vectorstream.local.run.ProgressDisplay;
import io.vectorstream.local.run.RunPlan;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.run.StoredCatalog;
import io.vectorstream.local.sweep.Bench;
import io.vectorstream.local.sweep.SweepRun;
import io.vectorstream.reports.result.RunSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The runs of a sweep in this JVM, which stays warm from one to the next. Each has a Kafka, a store
 * and a Spark session of its own, and begins with its catalogue embedded and stored, like a shop
 * that is open already. Embeddings stay in the cache.
 *
 * @param settings returns the settings in force with those that a run decides, as {@code
 *     name=value}
 * @param load returns the load of a run
 */
record SweepBench(
    String workload,
    MeasuredServices services,
    Function<List<String>, Settings> settings,
    Function<SweepRun, Load> load,
    ProgressDisplay display,
    StopRequest stop)
    implements Bench {

  @Override
  public Optional<RunSummary> measure(SweepRun step) throws InterruptedException {
    if (stop.isRequested()) {
      return Optional.empty();
    }
    return services.fresh(
        decided -> {
          List<String> all = new ArrayList<>(step.configuration().settings());
          // A page that exists for a short run is of no use.
          all.add("http.enabled=false");
          all.addAll(decided);
          return settings.apply(all);
        },
        started -> {},
        (inForce, kind) -> measure(step, inForce, kind));
  }

  private Optional<RunSummary> measure(SweepRun step, Settings inForce, ServicesKind kind)
      throws InterruptedException {
    keepOneModel(inForce);
    Load sent = load.apply(step);
    Path catalogue = Path.of(inForce.stream().checkpoint()).resolveSibling("catalogue.csv");
    if (!StoredCatalog.load(sent.catalog(), inForce, catalogue, stop, loaded -> {})) {
      return Optional.empty();
    }
    RunPlan plan = new RunPlan(inForce, sent, kind, workload);
    try (PipelineRun run = PipelineRun.start(plan, display, stop)) {
      return stop.isRequested() ? Optional.empty() : run.measure(stop);
    }
  }

  /** Closes models for other numbers of threads: each takes some hundred megabytes. */
  private static void keepOneModel(Settings settings) {
    EmbeddingService own = EmbeddingService.shared(settings.embedding());
    EmbeddingService.allShared().stream()
        .filter(other -> other != own)
        .forEach(EmbeddingService::close);
  }
}
