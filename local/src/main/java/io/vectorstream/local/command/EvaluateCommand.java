package io.vectorstream.local.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.local.evaluate.EvaluatedShop;
import io.vectorstream.local.evaluate.Evaluation;
import io.vectorstream.local.evaluate.EvaluationTable;
import io.vectorstream.local.evaluate.EventLog;
import io.vectorstream.local.evaluate.HoldOut;
import io.vectorstream.local.evaluate.Variant;
import io.vectorstream.reports.result.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that measures the quality of recommendations. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Measures the recommendations: holds out a part of the events of a shop, learns from the rest,"
          + " and compares what it recommends with popularity, item-kNN, a matrix factorisation and"
          + " others. The shop is simulated, or that of a log.",
      "Everything is kept in this process; no Kafka and no Qdrant is asked. Lists of half-lives,"
          + " weights and diversities are tried in every combination."
    })
public final class EvaluateCommand implements Callable<Integer> {

  private static final int WEIGHTS = 6;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description =
          "A log to replay in the order of its events' times, instead of a simulated shop: a record"
              + " a line, packed by gzip or not, in the shape that the topic has. May be given"
              + " several times.")
  private List<Path> log = List.of();

  @Option(
      names = "--mapping",
      paramLabel = "NAME|FILE",
      description = "The mapping of the log's records, in place of the setting kafka.mapping.")
  private String mapping;

  @Option(
      names = "--hold-out",
      paramLabel = "WHAT",
      description =
          "The events to hold out: session for each user's last session, a share such as 0.1 for the"
              + " last events of each user, or a time such as 2026-01-15T00:00:00Z for all from then"
              + " on. Default: session for a simulated shop, 0.1 for a log.")
  private String holdOut;

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "10",
      description = "Products to recommend to each user. Default: ${DEFAULT-VALUE}.")
  private int length;

  @Option(
      names = "--ask",
      paramLabel = "N",
      defaultValue = "2000",
      description =
          "Users to ask at most, chosen by chance if there are more. Default: ${DEFAULT-VALUE}.")
  private int asked;

  @Option(
      names = "--seen-again",
      description =
          "Let products that a user has seen, but not bought, be recommended and count, too.")
  private boolean seenAgain;

  @Mixin private SimulationOptions simulation;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The same number gives the same simulated events, and the same choice of users. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--half-life",
      paramLabel = "TIME",
      split = ",",
      converter = Durations.class,
      description = "Half-lives to try: 1d,7d. Default: the setting interest.half_life.")
  private List<Duration> halfLives;

  @Option(
      names = "--weights",
      paramLabel = "W",
      split = ",",
      description =
          "Weights to try, of purchase:add_to_cart:wishlist_add:view:search:remove_from_cart:"
              + " 5:3:2:1:1:-2,1:1:1:1:1:0. Default: the settings interest.weights.")
  private List<String> weights;

  @Option(
      names = "--popularity",
      paramLabel = "0..1",
      split = ",",
      description =
          "Weights of popularity to try: 0,0.05. Default: the setting recommend.popularity.")
  private List<Double> popularities;

  @Option(
      names = "--diversity",
      paramLabel = "0..1",
      split = ",",
      description = "Diversities to try: 0,0.3. Default: the setting recommend.diversity.")
  private List<Double> diversities;

  @Option(
      names = "--pairs",
      paramLabel = "0..10",
      split = ",",
      description =
          "Weights of what other users turned to who turned to the same products: 0,1. Default: the"
              + " setting recommend.pairs, or 0 where interest.pairs.partners counts none.")
  private List<Double> pairs;

  @Mixin private ResultOptions results;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, IOException {
    results.check();
    Settings settings =
        options.load(mapping == null ? List.of() : List.of("kafka.mapping=" + mapping));
    List<Variant> variants = variants(settings);
    Evaluation.Method method =
        new Evaluation.Method(
            heldOut(),
            simulation.atLeast("--length", length, 1),
            simulation.atLeast("--ask", asked, 2),
            seenAgain,
            seed);
    StageLines stages = new StageLines(results.out());
    EvaluatedShop shop = log.isEmpty() ? simulated(stages) : replayed(settings, stages);
    Evaluation evaluation = new Evaluation(shop, method, variants, options::load, stages::at);
    Optional<EvaluationResult> measured = CtrlC.unlessStopped("evaluate", evaluation::run);
    if (measured.isEmpty()) {
      return CtrlC.STATUS;
    }
    EvaluationResult result = measured.get();
    new EvaluationTable(results.out()).print(result);
    results.write(result, "The result");
    return 0;
  }

  private HoldOut heldOut() {
    try {
      return HoldOut.parse(holdOut != null ? holdOut : log.isEmpty() ? "session" : "0.1");
    } catch (IllegalArgumentException e) {
      throw wrongUse("--hold-out: " + e.getMessage());
    }
  }

  private EvaluatedShop replayed(Settings settings, StageLines stages) throws IOException {
    simulation
        .given()
        .ifPresent(
            option -> {
              throw wrongUse(option + " is for a simulated shop, but --events gives a log");
            });
    for (Path file : log) {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw wrongUse("--events " + file + " cannot be read; expected a file of records");
      }
    }
    stages.at("reading the log");
    EventLog read = EventLog.read(log, settings.withFilesRead().kafka());
    results
        .out()
        .printf(
            Locale.ROOT,
            "%,d records: %,d events, %,d copies of them, %,d dead letters%n",
            read.records(),
            read.events().size(),
            read.duplicates(),
            read.deadLetters());
    return EvaluatedShop.of(read);
  }

  private EvaluatedShop simulated(StageLines stages) {
    if (mapping != null) {
      throw wrongUse("--mapping is for --events, expected --events FILE with it");
    }
    stages.at("simulating the shop");
    return simulation.open(seed);
  }

  private List<Variant> variants(Settings settings) {
    List<Settings.Weights> tried = new ArrayList<>();
    if (weights != null) {
      weights.forEach(text -> tried.add(weights(text)));
    }
    check("--popularity", popularities, 1);
    check("--diversity", diversities, 1);
    check("--pairs", pairs, 10);
    return Variant.all(
        halfLives != null ? halfLives : List.of(settings.interest().halfLife()),
        weights != null ? tried : List.of(settings.interest().weights()),
        popularities != null ? popularities : List.of(settings.recommend().popularity()),
        diversities != null ? diversities : List.of(settings.recommend().diversity()),
        pairs != null ? pairs : List.of(settings.recommendCounted().pairs()));
  }

  private void check(String option, List<Double> values, int most) {
    if (values != null) {
      for (double value : values) {
        if (!(value >= 0 && value <= most)) {
          throw wrongUse(option + " is " + value + ", expected 0 to " + most);
        }
      }
    }
  }

  private Settings.Weights weights(String text) {
    String[] parts = text.split(":");
    double[] values = new double[WEIGHTS];
    try {
      if (parts.length != WEIGHTS) {
        throw new NumberFormatException();
      }
      for (int i = 0; i < WEIGHTS; i++) {
        values[i] = Double.parseDouble(parts[i].strip());
        if (!(Math.abs(values[i]) <= 100)) {
          throw new NumberFormatException();
        }
      }
    } catch (NumberFormatException e) {
      throw wrongUse(
          "--weights has '"
              + text
              + "', expected six numbers from -100 to 100 with colons between, such as"
              + " 5:3:2:1:1:-2");
    }
    return new Settings.Weights(values[0], values[1], values[2], values[3], values[4], values[5]);
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
