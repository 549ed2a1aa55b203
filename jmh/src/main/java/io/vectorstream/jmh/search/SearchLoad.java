package io.vectorstream.jmh.search;

import io.vectorstream.command.CommandErrors;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.jmh.search.OpenLoop.Outcome;
import io.vectorstream.local.run.DataFolder;
import io.vectorstream.local.run.EmbeddedServices;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.PipelineRun;
import io.vectorstream.local.run.ProgressDisplay;
import io.vectorstream.local.run.Rate;
import io.vectorstream.local.run.RunPlan;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.run.StoredCatalog;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.SearchLoadResult;
import io.vectorstream.reports.result.SearchLoadResult.Latency;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The measurement of searches over HTTP while the stream runs, all on this machine. */
@Command(
    name = "search-load",
    mixinStandardHelpOptions = true,
    description = {
      "Starts Kafka, a vector store and the pipeline with its API in this process, loads a"
          + " catalogue, sends events at one rate and searches at another, and prints how long the"
          + " answers took. Every query is another one.",
      "Embedding the catalogue takes minutes; it stays in the folder of --data, and is there at the"
          + " next run.",
      "The exit status is 0 when every target is met, 1 otherwise, 2 for wrong use."
    })
public final class SearchLoad implements Callable<Integer> {
  private static final Duration SHOWN_EVERY = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Where everything is kept. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data/search-load");

  @Option(names = "--products", description = "Default: ${DEFAULT-VALUE}.")
  private int products = 50_000;

  @Option(names = "--events", description = "Events per second. Default: ${DEFAULT-VALUE}.")
  private double events = 1000;

  @Option(names = "--searches", description = "Searches per second. Default: ${DEFAULT-VALUE}.")
  private double searches = 100;

  @Option(names = "--seconds", description = "How long it is measured. Default: ${DEFAULT-VALUE}.")
  private int seconds = 60;

  @Option(
      names = "--warm-up",
      description = "Seconds of the same load before that. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 20;

  @Option(names = "--json", paramLabel = "FILE", description = "Where the result goes, as JSON.")
  private Path json;

  @Option(names = "--load-only", description = "Load the catalogue, and end.")
  private boolean loadOnly;

  @Mixin private SettingsOptions options;

  public static void main(String[] args) {
    System.exit(CommandErrors.install(new CommandLine(new SearchLoad())).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    boolean met = true;
    Catalog catalog = Catalog.generate(products, 1);
    try (DataFolder folder = DataFolder.open(data);
        EmbeddedServices services = EmbeddedServices.start(folder, 0, 0, Optional.empty())) {
      List<String> decided = new ArrayList<>(services.settings());
      decided.addAll(List.of("http.port=0", "stream.checkpoint=" + folder.checkpoint()));
      Settings settings = options.load(decided);
      load(catalog, settings);
      if (!loadOnly) {
        SearchLoadResult result = measure(catalog, settings);
        SearchLoadTable.print(result, spec.commandLine().getOut());
        write(result);
        met = result.targets().stream().allMatch(Target::met);
      }
    }
    return met ? 0 : 1;
  }

  private void check() {
    if (products < 1 || seconds < 1 || warmUp < 1 || !(events > 0) || !(searches > 0)) {
      throw new ParameterException(
          spec.commandLine(),
          "--products, --events, --searches, --seconds and --warm-up have to be more than 0");
    }
    if (json != null && !Files.isWritable(json.toAbsolutePath().getParent())) {
      // Reported before the run, and not after it.
      throw new ParameterException(
          spec.commandLine(),
          "--json %s cannot be written; expected a file in a folder that is there".formatted(json));
    }
  }

  private void load(Catalog catalog, Settings settings) {
    PrintWriter progress = spec.commandLine().getErr();
    long[] shownAt = {System.nanoTime()};
    StoredCatalog.load(
        catalog,
        settings,
        data.resolve("catalogue.csv"),
        new StopRequest(),
        loaded -> {
          if (System.nanoTime() - shownAt[0] > SHOWN_EVERY.toNanos()) {
            shownAt[0] = System.nanoTime();
            progress.printf("%,d of %,d products are there%n", loaded, products);
          }
        });
    progress.printf("%,d products are there%n", products);
  }

  private SearchLoadResult measure(Catalog catalog, Settings settings) throws InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    // The stream begins before the first search, and ends after the last one.
    Duration sending = Duration.ofSeconds(warmUp + seconds + 10L);
    Load load =
        new Load(
            catalog,
            ShopperSettings.defaults(),
            RecordShape.PLAIN,
            Instant.now().getEpochSecond(),
            new Rate(events),
            sending,
            Duration.ZERO,
            Load.SUSTAINED_SHARE * events);
    List<String> queries =
        DistinctQueries.of(catalog, (int) Math.ceil((warmUp + seconds) * searches), 1);
    int measured = (int) Math.ceil(warmUp * searches);
    StopRequest never = new StopRequest();
    try (PipelineRun run =
        PipelineRun.start(
            new RunPlan(settings, load, ServicesKind.EMBEDDED),
            ProgressDisplay.on(new PrintStream(System.err), false, Map.of()),
            never)) {
      String url =
          run.url().orElseThrow(() -> new IllegalStateException("there is no API to be asked"));
      CompletableFuture<RunSummary> stream =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return run.measure(never).orElseThrow();
                } catch (InterruptedException e) {
                  throw new CompletionException(e);
                }
              });
      Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      OpenLoop loop = new OpenLoop(url, searches);
      progress.println("warming up");
      loop.run(queries.subList(0, measured));
      progress.println("measuring");
      Outcome outcome = loop.run(queries.subList(measured, queries.size()));
      Latency latency = latency(outcome.latencyMicros());
      progress.printf(
          "p50 %.1f ms, p99 %.1f ms, answers by status: %s; waiting for the stream%n",
          latency.p50(), latency.p99(), outcome.statuses());
      RunSummary streamed = stream.join();
      Map<String, Long> statuses = new LinkedHashMap<>();
      outcome.statuses().forEach((status, count) -> statuses.put(status.toString(), count));
      return new SearchLoadResult(
          SearchLoadResult.SCHEMA,
          startedAt,
          products,
          searches,
          events,
          seconds,
          outcome.latencyMicros().getTotalCount(),
          outcome.failed(),
          outcome.empty(),
          statuses,
          latency,
          SearchLoadTable.targets(latency.p99(), outcome.failed(), streamed.events().lost()),
          streamed);
    }
  }

  private static Latency latency(Histogram micros) {
    return new Latency(
        micros.getMean() / 1000,
        micros.getValueAtPercentile(50) / 1000.0,
        micros.getValueAtPercentile(90) / 1000.0,
        micros.getValueAtPercentile(99) / 1000.0,
        micros.getValueAtPercentile(99.9) / 1000.0,
        micros.getMaxValue() / 1000.0);
  }

  private void write(SearchLoadResult result) throws IOException {
    if (json != null) {
      Files.writeString(json, result.toJson());
    }
  }
}
