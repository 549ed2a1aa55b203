package io.vectorstream.local.command;

import io.vectorstream.command.TraceOptions;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.local.probe.FreshPlan;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.PipelineRun;
import io.vectorstream.local.run.ProgressDisplay;
import io.vectorstream.local.run.Rate;
import io.vectorstream.local.run.ResultPrinter;
import io.vectorstream.local.run.RunPlan;
import io.vectorstream.local.run.ScratchSpace;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.run.StoredCatalog;
import io.vectorstream.local.run.Targets;
import io.vectorstream.local.sweep.Configuration;
import io.vectorstream.local.sweep.Sweep;
import io.vectorstream.local.sweep.SweepProgress;
import io.vectorstream.local.sweep.SweepRun;
import io.vectorstream.local.sweep.SweepTable;
import io.vectorstream.local.workload.Workload;
import io.vectorstream.local.workload.WorkloadFile;
import io.vectorstream.reports.CiFiles;
import io.vectorstream.reports.page.Report;
import io.vectorstream.reports.result.Result;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.SweepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that checks that the pipeline works as it should, here or on given services. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Sends events through the whole pipeline and checks the targets: throughput, latency, nothing"
          + " lost, error rate, memory.",
      "Without addresses it runs on a Kafka and a vector store of its own, in this process. On"
          + " given services it works in a topic and in collections of its own, and removes them.",
      "The exit status is 0 when no target is missed, 1 otherwise, 2 for wrong use. A target that a"
          + " short run cannot measure is not missed."
    })
public final class ValidateCommand implements Callable<Integer> {
  /** The default rate, a little more than the target, so that the target is really reached. */
  private static final Rate DEFAULT_RATE = new Rate(1020);

  private static final double DEFAULT_LEAST_RATE = 1000;

  private static final String DEFAULT_SWEEP = "sweep";

  @Spec private CommandSpec spec;

  @Option(
      names = "--workload",
      paramLabel = "FILE",
      description =
          "What to send, from a YAML file, or by the name of one in the folder workloads, such as"
              + " max. Options that are given too are stronger.")
  private String workloadName;

  @Option(
      names = "--sweep",
      description = {
        "Find the highest rate that holds the targets, and run the workload again and again with"
            + " one thing changed at a time, as its section sweep says. Without --workload: the"
            + " workload sweep.",
        "The exit status is 0 when that rate reaches --min-rate, or 1000 without it."
      })
  private boolean sweep;

  @Mixin private LoadOptions loadOptions;

  @Option(
      names = "--rate",
      paramLabel = "N|max",
      converter = RateOrMaxConverter.class,
      description =
          "Events per second, or max: as many as the pipeline sustains, found while it runs."
              + " Default: 1020.")
  private Rate rate;

  @Option(
      names = "--min-rate",
      paramLabel = "N",
      description =
          "Events per second that have to be sustained. Default: 1000; with --rate N, 99%% of it.")
  private Double minRate;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = Durations.class,
      description =
          "Also give the rate sustained after this time; with --rate max, that one has to reach"
              + " --min-rate. Default: 60s with --rate max, none otherwise.")
  private Duration warmUp;

  @Option(
      names = "--fresh",
      description =
          "Also measure how soon an event, a new product and a click can be found: in the store, by"
              + " a search, and in its user's recommendations, beside 50 requests a second of others."
              + " Unless the workload says otherwise, 99%% of the clicks have to be seen within"
              + " 300 ms. Counts from the warm-up on.")
  private boolean fresh;

  @Mixin private MeasuredServices services;

  @Mixin private BesideOptions beside;

  @Mixin private SystemOptions systems;

  @Mixin private AgainstOptions against;

  @Mixin private ResultOptions results;

  @Mixin private CiFiles ciFiles;

  @Mixin private TraceOptions traces;

  @Mixin private SettingsOptions options;

  @Override
  public Integer call() throws InterruptedException {
    results.check();
    ciFiles.check();
    services.check();
    beside.check(sweep, services, systems.areAsked());
    against.check(sweep, beside, systems.areAsked(), services);
    if (sweep) {
      Workload swept = WorkloadFile.find(workloadName == null ? DEFAULT_SWEEP : workloadName);
      systems.check(true, swept);
      return sweep(swept);
    }
    Workload file = workloadName == null ? Workload.NONE : WorkloadFile.find(workloadName);
    systems.check(fresh || beside.isAsked(), file);
    Duration trigger = settings(file, services.settings()).stream().trigger();
    Workload given = workload(file);
    Load load = loadOptions.load(given, trigger);
    if (systems.areAsked()) {
      return systems.run(
          services, decided -> settings(file, decided), load, file, beside, results, ciFiles);
    }
    if (fresh(given) != null && !load.shape().hasViews()) {
      throw wrongUse(
          "--fresh, and a workload's fresh, send views of products, which the shape %s has no"
                  .formatted(load.shape().mapping())
              + " records for; expected another --shape");
    }
    if (beside.isAsked()) {
      return beside(file, given, load);
    }
    if (against.isAsked()) {
      return against.run(
          file.name(),
          Optional.ofNullable(workloadName).map(WorkloadFile::path),
          load,
          results,
          ciFiles,
          CtrlC.listen("Stopping: the run in hand is ended, and what was measured is written."));
    }

    StopRequest stop =
        CtrlC.listen("Stopping: the batch in hand is finished, then everything is closed.");
    return services.fresh(
        decided -> settings(file, decided),
        results.out()::println,
        (settings, kind) -> run(plan(settings, kind, file, given, load), stop));
  }

  private Settings settings(Workload file, List<String> decided) {
    List<String> all = new ArrayList<>(loadOptions.settings());
    all.addAll(traces.settings());
    all.addAll(decided);
    return options.load(file.settings(), all);
  }

  /** Returns the workload: the options override the file, and the file the defaults. */
  private Workload workload(Workload file) {
    if (minRate != null && !(minRate > 0)) {
      throw wrongUse("--min-rate must be above 0, but is " + minRate);
    }
    // With another rate than the file's, the file's target does not apply.
    Double asked = minRate != null || rate == null ? minRate : Double.valueOf(Load.leastRate(rate));
    Workload given = loadOptions.over(Workload.of(rate, null, warmUp, asked, null).over(file));
    Rate offered = given.rate() == null ? DEFAULT_RATE : given.rate();
    return given.over(
        Workload.of(
            offered,
            null,
            offered.isMax() ? Duration.ofSeconds(60) : Duration.ZERO,
            given.rate() == null ? DEFAULT_LEAST_RATE : Load.leastRate(offered),
            null));
  }

  private RunPlan plan(
      Settings settings, ServicesKind kind, Workload file, Workload given, Load load) {
    return new RunPlan(
        settings, load, kind, file.name(), given.preload(), fresh(given), given.searches());
  }

  private FreshPlan fresh(Workload given) {
    return fresh && given.fresh() == null ? FreshPlan.USUAL : given.fresh();
  }

  private int beside(Workload file, Workload given, Load load) throws InterruptedException {
    // Finds a service that does not answer before the first run, and not after it.
    ScratchSpace.check(settings(file, services.settings()));
    StopRequest stop =
        CtrlC.listen("Stopping: the batch in hand is finished, and what was measured is written.");
    BesideBench bench =
        new BesideBench(
            file.name(),
            services,
            decided -> settings(file, decided),
            load,
            (settings, kind) -> plan(settings, kind, file, given, load),
            fresh(given) != null || given.searches() != null,
            results.passingDisplay(),
            stop);
    return beside.run(bench, results, ciFiles, stop);
  }

  private int sweep(Workload file) throws InterruptedException {
    checkSweep(file);
    Workload given = workload(file);
    Settings inForce = settings(file, services.settings());
    double leastRate = asked(minRate, file.minRate(), DEFAULT_LEAST_RATE);
    Configuration base =
        new Configuration(
            given.rate(),
            given.products(),
            inForce.kafka().partitions(),
            inForce.stream().trigger(),
            file.cores() == null ? 0 : file.cores());
    StopRequest stop =
        CtrlC.listen("Stopping: the batch in hand is finished, and what was measured is written.");
    SweepBench bench =
        new SweepBench(
            file.name(),
            services,
            decided -> settings(file, decided),
            step -> loadOptions.load(of(step).over(given), step.configuration().trigger()),
            results.passingDisplay(),
            stop);
    Sweep run =
        new Sweep(
            file.name(),
            given.sweep(),
            base,
            given.duration(),
            given.warmup(),
            Runtime.getRuntime().availableProcessors(),
            bench,
            new SweepProgress(results.out()));
    try {
      run.run();
    } finally {
      // Reports the result after a failure too: what was measured is still useful.
      run.result().ifPresent(result -> tell(result, leastRate));
    }
    if (stop.isRequested()) {
      return CtrlC.STATUS;
    }
    return run.result().orElseThrow().highestSustainedEps() >= leastRate ? 0 : 1;
  }

  private void checkSweep(Workload file) {
    if (file.sweep() == null) {
      throw wrongUse(
          "the workload %s has no section sweep; expected one, as in workloads/%s.yaml"
              .formatted(file.name(), DEFAULT_SWEEP));
    }
    if (fresh || file.fresh() != null || file.searches() != null) {
      throw wrongUse("--fresh, and a workload's fresh and searches, are not for a sweep");
    }
    if (services.keep()) {
      throw wrongUse("--keep is for one run; a sweep starts each of its runs with nothing");
    }
    if (loadOptions.hasCatalog() && !file.sweep().products().isEmpty()) {
      throw wrongUse(
          "--catalog cannot go with a sweep over products; expected a workload without"
              + " sweep.products");
    }
  }

  /** Returns the parts of a run that are not settings. */
  private static Workload of(SweepRun step) {
    Configuration configuration = step.configuration();
    Rate offered = configuration.rate();
    return Workload.of(
        offered,
        step.duration(),
        step.warmUp(),
        offered.isMax() ? null : Double.valueOf(Load.leastRate(offered)),
        configuration.products());
  }

  private void tell(SweepResult measured, double leastRate) {
    new SweepTable(results.out()).print(measured, leastRate);
    SweepResult result =
        measured.asked(Targets.highestRate(leastRate, measured.highestSustainedEps()));
    write(result, "sweep", "The result of the sweep");
  }

  /** Writes a result, and what is made of it. */
  private void write(Result result, String file, String name) {
    results.write(result, name);
    ciFiles.write(Report.of(ResultFile.of(file + ".json", result)));
  }

  private static double asked(Double option, Double file, double otherwise) {
    return option != null ? option : file != null ? file : otherwise;
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int run(RunPlan plan, StopRequest stop) throws InterruptedException {
    ProgressDisplay display = results.display();
    if (!StoredCatalog.prepare(plan, stop, display::say)) {
      return CtrlC.STATUS;
    }
    try (PipelineRun run = PipelineRun.start(plan, display, stop)) {
      Load load = plan.load();
      results
          .out()
          .printf(
              "Sending %s for %d s over %,d products, a batch every %s%n",
              load.rate(),
              load.duration().toSeconds(),
              load.catalog().products().size(),
              Durations.text(plan.settings().stream().trigger()));
      Optional<RunSummary> summary = run.measure(stop);
      if (summary.isEmpty()) {
        return CtrlC.STATUS;
      }
      new ResultPrinter(results.out()).print(summary.get(), load);
      write(summary.get(), "run", "The run summary");
      return summary.get().missedTarget() ? 1 : 0;
    }
  }
}
