package io.vectorstream.local.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.local.run.DataFolder;
import io.vectorstream.local.run.EmbeddedServices;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.PipelineRun;
import io.vectorstream.local.run.Rate;
import io.vectorstream.local.run.ResultPrinter;
import io.vectorstream.local.run.RunPlan;
import io.vectorstream.local.run.RunSummary;
import io.vectorstream.local.run.ScratchSpace;
import io.vectorstream.local.run.ServicesKind;
import io.vectorstream.local.run.StopRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks that the pipeline does what it should, here or on given services. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Sends events through the whole pipeline and checks the targets: throughput, latency, nothing"
          + " lost, error rate, memory.",
      "Without addresses it runs on a Kafka and a vector store of its own, in this process. On given"
          + " services it works in a topic and in collections of its own, and removes them.",
      "The exit status is 0 when every target is met, 1 otherwise, 2 for wrong use."
    })
public final class ValidateCommand implements Callable<Integer> {
  /** A little more than is asked for: then it is shown, and not only come close to. */
  private static final Rate DEFAULT_RATE = new Rate(1020);

  private static final double DEFAULT_LEAST_RATE = 1000;
  private static final Pattern HOST_PORT =
      Pattern.compile("([^:\\s]+|\\[[^\\]\\s]+\\]):(\\d{1,5})");

  @Spec private CommandSpec spec;

  @Mixin private LoadOptions loadOptions;

  @Option(
      names = "--rate",
      paramLabel = "N|max",
      converter = Rates.class,
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
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Use this Kafka, and start nothing.")
  private String bootstrapServers;

  @Option(
      names = "--qdrant",
      paramLabel = "HOST:PORT",
      description = "Use this Qdrant (its gRPC port), and start nothing.")
  private String qdrant;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      defaultValue = "data/validate",
      description = "Where everything is kept meanwhile. Default: ${DEFAULT-VALUE}.")
  private Path data;

  @Option(names = "--keep", description = "Leave the data, the topics and the collections.")
  private boolean keep;

  @Mixin private ResultOptions results;

  @Mixin private SettingsOptions options;

  @Override
  public Integer call() throws InterruptedException {
    results.check();
    List<String> decided = new ArrayList<>(loadOptions.settings());
    decided.addAll(addresses());
    Settings settings = options.load(decided);
    Load load = load(settings.stream().trigger());

    StopRequest stop =
        CtrlC.listen("Stopping: the batch in hand is finished, then everything is closed.");
    try (DataFolder folder = DataFolder.open(data)) {
      folder.empty();
      decided.add("stream.checkpoint=" + folder.checkpoint());
      int status =
          external() ? onGiven(settings, decided, load, stop) : onOwn(folder, decided, load, stop);
      if (!keep) {
        folder.delete();
      }
      return status;
    }
  }

  private boolean external() {
    return bootstrapServers != null || qdrant != null;
  }

  private List<String> addresses() {
    List<String> settings = new ArrayList<>();
    if (bootstrapServers != null) {
      settings.add("kafka.bootstrap_servers=" + bootstrapServers);
    }
    if (qdrant != null) {
      Matcher address = HOST_PORT.matcher(qdrant);
      if (!address.matches()) {
        throw new ParameterException(
            spec.commandLine(), "--qdrant '" + qdrant + "' is not an address; expected host:port");
      }
      settings.add("qdrant.host=" + address.group(1));
      settings.add("qdrant.port=" + address.group(2));
    }
    return settings;
  }

  private Load load(Duration trigger) {
    Rate offered = rate == null ? DEFAULT_RATE : rate;
    double leastRate =
        minRate != null ? minRate : rate == null ? DEFAULT_LEAST_RATE : Load.leastRate(rate);
    if (!(leastRate > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--min-rate must be above 0, but is " + leastRate);
    }
    Duration first =
        warmUp != null ? warmUp : offered.isMax() ? Duration.ofSeconds(60) : Duration.ZERO;
    return loadOptions.load(offered, first, leastRate, trigger);
  }

  private int onOwn(DataFolder folder, List<String> decided, Load load, StopRequest stop)
      throws InterruptedException {
    results.out().println("Starting Kafka, the vector store and the pipeline in this process");
    try (EmbeddedServices services = EmbeddedServices.start(folder, 0, 0, Optional.empty())) {
      decided.addAll(services.settings());
      return run(options.load(decided), load, ServicesKind.EMBEDDED, stop);
    }
  }

  private int onGiven(Settings settings, List<String> decided, Load load, StopRequest stop)
      throws InterruptedException {
    decided.addAll(ScratchSpace.settings(settings, Instant.now()));
    Settings own = options.load(decided);
    results
        .out()
        .printf(
            "Starting the pipeline from Kafka at %s, topic %s, to Qdrant at %s:%d, collection %s%n",
            own.kafka().bootstrapServers(),
            own.kafka().topic(),
            own.qdrant().host(),
            own.qdrant().port(),
            own.qdrant().collections().events());
    ScratchSpace.check(own);
    ScratchSpace removedAfterwards = keep ? null : new ScratchSpace(own);
    try (removedAfterwards) {
      return run(own, load, ServicesKind.EXTERNAL, stop);
    }
  }

  private int run(Settings settings, Load load, ServicesKind services, StopRequest stop)
      throws InterruptedException {
    RunPlan plan = new RunPlan(settings, load, services);
    try (PipelineRun run = PipelineRun.start(plan, results.display(), stop)) {
      results
          .out()
          .printf(
              "Sending %s for %d s over %,d products, a batch every %s%n",
              load.rate(),
              load.duration().toSeconds(),
              load.catalog().products().size(),
              Durations.text(settings.stream().trigger()));
      Optional<RunSummary> summary = run.measure(stop);
      if (summary.isEmpty()) {
        return CtrlC.STATUS;
      }
      new ResultPrinter(results.out()).print(summary.get(), load);
      results.write(summary.get());
      return summary.get().succeeded() ? 0 : 1;
    }
  }
}
