package io.vectorstream.local.command;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.local.beside.Bench;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.PipelineRun;
import io.vectorstream.local.run.ProgressDisplay;
import io.vectorstream.local.run.RunPlan;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.run.StoredCatalog;
import io.vectorstream.reports.result.RunSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The runs of one load in this JVM, which stays warm from one to the next. Each has a topic,
 * collections and a Spark session of its own, and a model without embeddings in its cache.
 *
 * @param workload its name; null for none
 * @param settings returns the settings in force with those that a run decides, as {@code
 *     name=value}
 * @param plan returns that of a run on services with these settings
 * @param asksTheApi whether a run measures answers of the API
 */
record BesideBench(
    String workload,
    MeasuredServices services,
    Function<List<String>, Settings> settings,
    Load load,
    BiFunction<Settings, ServicesKind, RunPlan> plan,
    boolean asksTheApi,
    ProgressDisplay display,
    StopRequest stop)
    implements Bench {

  @Override
  public Optional<RunSummary> warmUp(Duration duration) throws InterruptedException {
    Load shorter =
        new Load(
            load.catalog(),
            load.shoppers(),
            load.shape(),
            load.seed(),
            load.rate(),
            duration,
            Duration.ZERO,
            load.leastRate(),
            load.format());
    return measure(
        ServicesKind.EMBEDDED, (inForce, kind) -> new RunPlan(inForce, shorter, kind, workload));
  }

  @Override
  public Optional<RunSummary> measure(ServicesKind kind) throws InterruptedException {
    return measure(kind, plan);
  }

  private Optional<RunSummary> measure(
      ServicesKind kind, BiFunction<Settings, ServicesKind, RunPlan> planned)
      throws InterruptedException {
    if (stop.isRequested()) {
      return Optional.empty();
    }
    EmbeddingService.allShared().forEach(EmbeddingService::close);
    return services.fresh(
        kind,
        decided -> {
          // A page that exists for a short run is of no use.
          List<String> all =
              new ArrayList<>(asksTheApi ? List.of() : List.of("http.enabled=false"));
          all.addAll(decided);
          return settings.apply(all);
        },
        started -> {},
        (inForce, known) -> {
          RunPlan asked = planned.apply(inForce, known);
          if (!StoredCatalog.prepare(asked, stop, display::say)) {
            return Optional.empty();
          }
          try (PipelineRun run = PipelineRun.start(asked, display, stop)) {
            return stop.isRequested() ? Optional.empty() : run.measure(stop);
          }
        });
  }
}
