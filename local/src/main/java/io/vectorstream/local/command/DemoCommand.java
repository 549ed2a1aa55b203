package io.vectorstream.local.command;

import io.vectorstream.command.TraceOptions;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.local.run.DataFolder;
import io.vectorstream.local.run.DemoQueries;
import io.vectorstream.local.run.EmbeddedServices;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.PipelineRun;
import io.vectorstream.local.run.ProgressDisplay;
import io.vectorstream.local.run.Rate;
import io.vectorstream.local.run.ResultPrinter;
import io.vectorstream.local.run.RunPlan;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.workload.Workload;
import io.vectorstream.reports.result.RunSummary;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command that runs, measures and shows the whole pipeline on one machine under a load. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Starts a Kafka broker, a vector store and the pipeline in one process, sends events of a"
          + " made-up shop, and shows what comes of it: the targets, a few searches and"
          + " recommendations.",
      "The exit status is 0 when no target is missed, 1 otherwise, 2 for wrong use. A target that a"
          + " short run cannot measure is not missed."
    })
public final class DemoCommand implements Callable<Integer> {

  @Mixin private LoadOptions loadOptions;

  @Option(
      names = "--rate",
      paramLabel = "N|max",
      defaultValue = "1000",
      converter = RateOrMaxConverter.class,
      description =
          "Events per second, or max: as many as the pipeline sustains. Default: ${DEFAULT-VALUE}.")
  private Rate rate;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = "data/demo",
      description = "Where everything is kept. Default: ${DEFAULT-VALUE}.")
  private Path data;

  @Option(
      names = "--keep-data",
      description = "Go on with the data of the demo before, instead of starting afresh.")
  private boolean keepData;

  @Option(
      names = "--keep-running",
      description = "After the results, go on sending and storing until Ctrl-C.")
  private boolean keepRunning;

  @Mixin private PortOptions ports;

  @Mixin private ResultOptions results;

  @Mixin private TraceOptions traces;

  @Mixin private SettingsOptions options;

  @Override
  public Integer call() throws InterruptedException {
    ports.check();
    results.check();
    Duration trigger = options.load(loadOptions.settings()).stream().trigger();
    Load load = load(trigger);

    StopRequest stop =
        CtrlC.listen("Stopping: the batch in hand is finished, then everything is closed.");
    try (DataFolder folder = DataFolder.open(data)) {
      if (!keepData) {
        folder.empty();
      }
      results
          .out()
          .printf(
              "Starting Kafka, the vector store and the pipeline; %s %s%n",
              keepData ? "going on with the data in" : "starting afresh in", data);
      try (EmbeddedServices services =
          EmbeddedServices.start(folder, ports.kafka(), ports.qdrant(), Optional.empty())) {
        return stop.isRequested() ? CtrlC.STATUS : run(settings(services, folder), load, stop);
      }
    }
  }

  /** Returns the load; a rate that is still being found counts from the middle of the run on. */
  private Load load(Duration trigger) {
    Workload workload = loadOptions.over(Workload.NONE);
    Duration warmUp = rate.isMax() ? workload.duration().dividedBy(2) : Duration.ZERO;
    return loadOptions.load(
        Workload.of(rate, null, warmUp, Load.leastRate(rate), null).over(workload), trigger);
  }

  private Settings settings(EmbeddedServices services, DataFolder folder) {
    List<String> decided = new ArrayList<>(loadOptions.settings());
    decided.addAll(services.settings());
    decided.addAll(traces.settings());
    decided.add("stream.checkpoint=" + folder.checkpoint());
    return options.load(decided);
  }

  private int run(Settings settings, Load load, StopRequest stop) throws InterruptedException {
    PrintStream out = results.out();
    ProgressDisplay display = results.display();
    RunPlan plan = new RunPlan(settings, load, ServicesKind.EMBEDDED);
    try (PipelineRun run = PipelineRun.start(plan, display, stop)) {
      out.printf(
          "Kafka at %s, the vector store at %s. Sending %s for %d s over %,d products, a batch"
              + " every %s.%n",
          settings.kafka().bootstrapServers(),
          settings.qdrant().address(),
          load.rate(),
          load.duration().toSeconds(),
          load.catalog().products().size(),
          Durations.text(settings.stream().trigger()));
      Optional<RunSummary> summary = run.measure(stop);
      if (summary.isEmpty()) {
        return CtrlC.STATUS;
      }
      new ResultPrinter(out).print(summary.get(), load);
      DemoQueries proof = new DemoQueries(run.store(), settings, out);
      proof.searches(loadOptions.queries(load));
      proof.recommendations();
      out.println();
      results.write(summary.get(), "The run summary");
      if (keepRunning) {
        out.println("The demo goes on until Ctrl-C.");
        run.goOn(stop);
      }
      sayWhatNext(out);
      return summary.get().missedTarget() ? 1 : 0;
    }
  }

  private void sayWhatNext(PrintStream out) {
    out.printf(
        """
        The data is in %s. To look around in it:
          vectorstream services --data %s
          vectorstream search "a gift for a child who likes animals"
        """,
        data, data);
  }
}
