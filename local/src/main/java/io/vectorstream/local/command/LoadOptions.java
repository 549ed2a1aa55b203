package io.vectorstream.local.command;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.CatalogException;
import io.vectorstream.generator.CatalogFileOptions;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.local.probe.SearchPlan;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.workload.Workload;
import io.vectorstream.shop.Product;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the load of a measured run, and its duration; a picocli mixin. */
final class LoadOptions {
  /** The fewest triggers of a run: fewer leave no two full batches to measure between. */
  static final int LEAST_TRIGGERS = 3;

  /** The searches for a made-up catalogue; they share few words with the products found. */
  private static final List<String> QUERIES =
      List.of(
          "waterproof boots for hiking",
          "listen to music on the train without noise",
          "keep drinks cold on a trip");

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}'-]{2,}");
  private static final int QUERY_WORDS = 4;
  private static final int MOST_SKEW = 10;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private CatalogFileOptions catalogFile;

  @Option(
      names = "--products",
      paramLabel = "N",
      description = "Products of the catalogue that is made up. Default: 2000.")
  private Integer products;

  @Option(names = "--users", paramLabel = "N", description = "Shoppers. Default: 10000.")
  private Integer users;

  @Option(
      names = "--skew",
      paramLabel = "N",
      description =
          "How much more popular the popular products and queries are: the exponent of Zipf's law,"
              + " 0 to 10. Default: 1.")
  private Double skew;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same number gives the same events. Default: another one each time.")
  private Long seed;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Durations.class,
      description = "How long events are sent: 60s, 5m. Default: 60s.")
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
      description = "Share of the records that are broken on purpose, 0 to 1. Default: 0.002.")
  private Double malformed;

  @Option(
      names = "--duplicates",
      paramLabel = "SHARE",
      description = "Share of the events that are sent again. Default: 0.005.")
  private Double duplicates;

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      description =
          "Share of the events that come up to 6 hours late. Their latency is told apart from that of"
              + " the others. Default: 0.002.")
  private Double late;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description =
          "How records are written: plain, vectorstream, ga4, ga4_bigquery, segment, shopify,"
              + " snowplow. All but plain are read through the mapping of that name. Default:"
              + " plain.")
  private RecordShape shape;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "The format in which events are sent: json, gzip, avro, protobuf, json_schema,"
              + " cloudevents, cloudevents_binary. A schema registry runs in this process. Default: json.")
  private EventFormat format;

  /**
   * Returns the workload of these options; the given workload provides the values that they leave
   * out, but the seed is always set.
   *
   * @throws ParameterException when an option is wrong
   */
  Workload over(Workload weaker) {
    atLeastOne("--products", products);
    atLeastOne("--users", users);
    range("--skew", skew, MOST_SKEW);
    range("--malformed", malformed, 1);
    range("--duplicates", duplicates, 1);
    range("--late", late, 1);
    return given().over(weaker).over(Workload.defaults());
  }

  private Workload given() {
    return new Workload(
        null,
        null,
        null,
        duration,
        null,
        null,
        products,
        users,
        skew,
        malformed,
        duplicates,
        late,
        null,
        shape,
        format,
        seed,
        null,
        trigger,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Returns the settings that these options decide, as {@code name=value}. */
  List<String> settings() {
    return given().settings();
  }

  /**
   * Checks everything that can be checked before a start, and makes or reads the catalogue.
   *
   * @param workload with no value left out except settings
   * @param triggerInUse the settings' own, with {@code --trigger} in it
   * @throws ParameterException when an option is wrong or the catalogue cannot be used
   */
  Load load(Workload workload, Duration triggerInUse) {
    Duration warmUp = workload.warmup();
    Duration measured = workload.duration().minus(warmUp);
    if (measured.compareTo(triggerInUse.multipliedBy(LEAST_TRIGGERS)) < 0) {
      throw wrongUse(
          "%s %s is too short to measure: expected %s%d triggers of %s or more"
              .formatted(
                  duration != null || workload.name() == null
                      ? "--duration"
                      : "the duration of workload " + workload.name() + ",",
                  Durations.text(workload.duration()),
                  warmUp.isZero() ? "" : "the warm-up of " + Durations.text(warmUp) + " and ",
                  LEAST_TRIGGERS,
                  Durations.text(triggerInUse)));
    }
    checkSteps(workload);
    if (workload.shape() != RecordShape.PLAIN && workload.format() != EventFormat.JSON) {
      throw wrongUse(
          "--format %s is for events of --shape plain, but the shape is %s; expected one of the two"
              .formatted(
                  workload.format().name().toLowerCase(Locale.ROOT),
                  workload.shape().name().toLowerCase(Locale.ROOT)));
    }
    return new Load(
        catalog(workload.products()),
        shoppers(workload),
        workload.shape(),
        workload.seed(),
        workload.rate(),
        workload.duration(),
        warmUp,
        workload.minRate(),
        workload.format());
  }

  private void checkSteps(Workload workload) {
    SearchPlan searches = workload.searches();
    if (searches == null) {
      return;
    }
    Duration step = searches.step(workload.duration(), workload.warmup());
    if (step.compareTo(SearchPlan.SHORTEST_STEP) < 0) {
      throw wrongUse(
          "searches.rates are %d, which leaves %s for each in %s without the warm-up of %s;"
                  .formatted(
                      searches.rates().size(),
                      Durations.text(step),
                      Durations.text(workload.duration()),
                      Durations.text(workload.warmup()))
              + " expected %s or more".formatted(Durations.text(SearchPlan.SHORTEST_STEP)));
    }
  }

  /** Returns searches that have results: for a user's catalogue, words of its products. */
  List<String> queries(Load load) {
    if (catalogFile.file().isEmpty()) {
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

  /** Returns whether the catalogue is one of the user's own. */
  boolean hasCatalog() {
    return catalogFile.file().isPresent();
  }

  private void atLeastOne(String option, Integer value) {
    if (value != null && value < 1) {
      throw wrongUse(option + " must be 1 or more, but is " + value);
    }
  }

  private void range(String option, Double value, int most) {
    if (value != null && !(value >= 0 && value <= most)) {
      throw wrongUse("%s must be from 0 to %d, but is %s".formatted(option, most, value));
    }
  }

  private Catalog catalog(int products) {
    try {
      // The catalogue has a seed of its own: with another seed, other shoppers visit the same shop.
      return catalogFile.catalog(() -> Catalog.generate(products, 1), spec.commandLine().getErr());
    } catch (CatalogException e) {
      throw wrongUse(e.getMessage());
    }
  }

  private ShopperSettings shoppers(Workload workload) {
    try {
      return ShopperSettings.defaults()
          .withUsers(workload.users())
          .withZipfExponent(workload.skew())
          .withMalformedShare(workload.malformed())
          .withDuplicateShare(workload.duplicates())
          .withLateShare(workload.late())
          .withChangingShare(workload.changing());
    } catch (IllegalArgumentException e) {
      throw wrongUse(e.getMessage());
    }
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
