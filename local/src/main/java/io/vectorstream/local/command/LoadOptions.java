package io.vectorstream.local.command;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.CatalogException;
import io.vectorstream.generator.Product;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.Rate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is sent in a measured run, and for how long; a picocli mixin. */
final class LoadOptions {
  /** Fewer triggers than this in a run, and there are not two full batches to measure between. */
  static final int LEAST_TRIGGERS = 3;

  /** Searches that fit the catalogue that is made up; they share few words with what they find. */
  private static final List<String> QUERIES =
      List.of(
          "waterproof boots for hiking",
          "listen to music on the train without noise",
          "keep drinks cold on a trip");

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}'-]{2,}");
  private static final int QUERY_WORDS = 4;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description =
          "A catalogue of your own: CSV with id,name,description,category,price, or JSON lines."
              + " Without it, one is made up.")
  private Path catalogFile;

  @Option(
      names = "--products",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Products of the catalogue that is made up. Default: ${DEFAULT-VALUE}.")
  private int products;

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Shoppers. Default: ${DEFAULT-VALUE}.")
  private int users;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same number gives the same events. Default: another one each time.")
  private Long seed;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Durations.class,
      description = "How long events are sent: 60s, 5m. Default: ${DEFAULT-VALUE}.")
  private Duration duration;

  @Option(
      names = "--trigger",
      paramLabel = "TIME",
      converter = Durations.class,
      description = "Time between two micro-batches. Default: the setting stream.trigger, 10s.")
  private Duration trigger;

  @Option(
      names = "--malformed",
      paramLabel = "SHARE",
      defaultValue = "0.002",
      description =
          "Share of the records that are broken on purpose, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double malformed;

  @Option(
      names = "--duplicates",
      paramLabel = "SHARE",
      defaultValue = "0.005",
      description = "Share of the events that are sent again. Default: ${DEFAULT-VALUE}.")
  private double duplicates;

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      defaultValue = "0.002",
      description =
          "Share of the events that come up to 6 hours late. Their latency counts from their own"
              + " time, so 0.01 and more fails the latency target. Default: ${DEFAULT-VALUE}.")
  private double late;

  /** The settings that these options decide, as {@code name=value}. */
  List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (trigger != null) {
      settings.add("stream.trigger=" + trigger.toMillis() + "ms");
    }
    return settings;
  }

  /**
   * Checks what can be checked before anything is started, and makes or reads the catalogue.
   *
   * @param triggerInUse the settings' own, with {@code --trigger} in it
   * @throws ParameterException when an option is wrong or the catalogue cannot be used
   */
  Load load(Rate rate, Duration warmUp, double leastRate, Duration triggerInUse) {
    atLeastOne("--products", products);
    atLeastOne("--users", users);
    Duration measured = duration.minus(warmUp);
    if (measured.compareTo(triggerInUse.multipliedBy(LEAST_TRIGGERS)) < 0) {
      throw wrongUse(
          "--duration %s is too short to measure: expected %s%d triggers of %s or more"
              .formatted(
                  Durations.text(duration),
                  warmUp.isZero() ? "" : "the warm-up of " + Durations.text(warmUp) + " and ",
                  LEAST_TRIGGERS,
                  Durations.text(triggerInUse)));
    }
    return new Load(catalog(), shoppers(), seed(), rate, duration, warmUp, leastRate);
  }

  /** Searches that have something to find: for a catalogue of one's own, words of its products. */
  List<String> queries(Load load) {
    if (catalogFile == null) {
      return QUERIES;
    }
    List<Product> all = load.catalog().products();
    return IntStream.rangeClosed(1, QUERIES.size())
        .mapToObj(i -> firstWords(all.get(i * all.size() / (QUERIES.size() + 1)).name()))
        .distinct()
        .toList();
  }

  private static String firstWords(String name) {
    return WORD.matcher(name)
        .results()
        .map(MatchResult::group)
        .limit(QUERY_WORDS)
        .collect(Collectors.joining(" "));
  }

  Duration duration() {
    return duration;
  }

  private void atLeastOne(String option, int value) {
    if (value < 1) {
      throw wrongUse(option + " must be 1 or more, but is " + value);
    }
  }

  private Catalog catalog() {
    try {
      // The catalogue has a seed of its own: other shoppers come to the same shop.
      return catalogFile == null ? Catalog.generate(products, 1) : Catalog.read(catalogFile);
    } catch (CatalogException e) {
      throw wrongUse(e.getMessage());
    } catch (IOException e) {
      throw wrongUse("the catalogue " + catalogFile + " cannot be read: " + e.getMessage());
    }
  }

  private ShopperSettings shoppers() {
    try {
      return ShopperSettings.defaults()
          .withUsers(users)
          .withMalformedShare(share("--malformed", malformed))
          .withDuplicateShare(share("--duplicates", duplicates))
          .withLateShare(share("--late", late));
    } catch (IllegalArgumentException e) {
      throw wrongUse(e.getMessage());
    }
  }

  private double share(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw wrongUse(option + " must be from 0 to 1, but is " + value);
    }
    return value;
  }

  /**
   * Event ids come from the seed: with a fixed one, a second run would send the first one's events.
   */
  private long seed() {
    return seed != null ? seed : new SecureRandom().nextInt(Integer.MAX_VALUE);
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
