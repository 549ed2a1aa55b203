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
import io.vectorstream.local.sweep.Step;
import io.vectorstream.reports.result.RunSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs of a sweep in this JVM, which stays warm from one to the next. Each has a Kafka, a store and
 * a Spark session of its own, and begins with its catalogue embedded and stored, as a shop does
 * that is open already. The embeddings that are known stay known.
 *
 * @param settings gives the settings in force with those that a step decides, as {@code name=value}
 * @param load what a step sends
 */
record SweepBench(
    String workload,
    MeasuredServices services,
    Function<List<String>, Settings> settings,
    Function<Step, Load> load,
    ProgressDisplay display,
    StopRequest stop)
    implements Bench {

  @Override
  public Optional<RunSummary> measure(Step step) throws InterruptedException {
    if (stop.isRequested()) {
      return Optional.empty();
    }
    return services.fresh(
        decided -> {
          List<String> all = new ArrayList<>(step.configuration().settings());
          // A page that comes and goes is of use to nobody.
          all.add("http.enabled=false");
          all.addAll(decided);
          return settings.apply(all);
        },
        started -> {},
        (inForce, kind) -> measure(step, inForce, kind));
  }

  private Optional<RunSummary> measure(Step step, Settings inForce, ServicesKind kind)
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

  /** A model takes some hundred megabytes, and each number of threads has one of its own. */
  private static void keepOneModel(Settings settings) {
    EmbeddingService own = EmbeddingService.shared(settings.embedding());
    EmbeddingService.allShared().stream()
        .filter(other -> other != own)
        .forEach(EmbeddingService::close);
  }
}
