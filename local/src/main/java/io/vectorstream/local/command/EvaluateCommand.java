package io.vectorstream.local.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.CatalogException;
import io.vectorstream.generator.CatalogFileOptions;
import io.vectorstream.local.evaluate.Evaluation;
import io.vectorstream.local.evaluate.EvaluationTable;
import io.vectorstream.local.evaluate.SimulatedShop;
import io.vectorstream.local.evaluate.Variant;
import io.vectorstream.reports.result.EvaluationResult;
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

/** The command that measures the quality of recommendations. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Measures the recommendations on a simulated shop whose users have known tastes: holds out"
          + " each user's last session, learns from the rest, and compares what it recommends with"
          + " popularity, trending and chance.",
      "Everything is kept in this process; no Kafka and no Qdrant is asked. Lists of half-lives,"
          + " weights and diversities are tried in every combination."
    })
public final class EvaluateCommand implements Callable<Integer> {

  private static final int WEIGHTS = 6;

  @Mixin private CatalogFileOptions catalogFile;

  @Option(
      names = "--products",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Products of the catalogue that is made up. Default: ${DEFAULT-VALUE}.")
  private int products;

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Shoppers. Default: ${DEFAULT-VALUE}.")
  private int users;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "10",
      description = "Sessions of a shopper, on average. Default: ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "30",
      description = "Days that the sessions are spread over. Default: ${DEFAULT-VALUE}.")
  private int days;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same number gives the same events. Default: ${DEFAULT-VALUE}.")
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

  @Mixin private ResultOptions results;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    results.check();
    List<Variant> variants = variants(options.load());
    SimulatedShop shop =
        new SimulatedShop(
            catalog(),
            atLeast("--users", users, 2),
            atLeast("--sessions", sessions, 2),
            Duration.ofDays(atLeast("--days", days, 1)),
            seed);
    StageLines stages = new StageLines(results.out());
    Evaluation evaluation =
        new Evaluation(
            shop,
            catalogFile.file().map(file -> file.getFileName().toString()).orElse("made up"),
            variants,
            options::load,
            stages::at);
    Optional<EvaluationResult> measured = CtrlC.unlessStopped("evaluate", evaluation::run);
    if (measured.isEmpty()) {
      return CtrlC.STATUS;
    }
    EvaluationResult result = measured.get();
    new EvaluationTable(results.out()).print(result);
    results.write(result, "The result");
    return 0;
  }

  private List<Variant> variants(Settings settings) {
    List<Settings.Weights> tried = new ArrayList<>();
    if (weights != null) {
      weights.forEach(text -> tried.add(weights(text)));
    }
    checkShares("--popularity", popularities);
    checkShares("--diversity", diversities);
    return Variant.all(
        halfLives != null ? halfLives : List.of(settings.interest().halfLife()),
        weights != null ? tried : List.of(settings.interest().weights()),
        popularities != null ? popularities : List.of(settings.recommend().popularity()),
        diversities != null ? diversities : List.of(settings.recommend().diversity()));
  }

  private void checkShares(String option, List<Double> values) {
    if (values != null) {
      for (double value : values) {
        if (!(value >= 0 && value <= 1)) {
          throw wrongUse(option + " is " + value + ", expected 0 to 1");
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

  private Catalog catalog() {
    try {
      return catalogFile.catalog(
          () -> Catalog.generate(atLeast("--products", products, 1), 1),
          spec.commandLine().getErr());
    } catch (CatalogException e) {
      throw wrongUse(e.getMessage());
    }
  }

  private int atLeast(String option, int value, int least) {
    if (value < least) {
      throw wrongUse(option + " must be " + least + " or more, but is " + value);
    }
    return value;
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
