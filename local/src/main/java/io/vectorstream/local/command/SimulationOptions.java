package io.vectorstream.local.command;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.CatalogException;
import io.vectorstream.generator.CatalogFileOptions;
import io.vectorstream.generator.Habits;
import io.vectorstream.local.evaluate.EvaluatedShop;
import io.vectorstream.local.evaluate.SimulatedShop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a simulated shop; a picocli mixin. */
final class SimulationOptions {

  private static final List<String> NAMES =
      List.of(
          "--catalog",
          "--products",
          "--users",
          "--sessions",
          "--days",
          "--companions",
          "--bought-again",
          "--drift",
          "--terse");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

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
      names = "--companions",
      paramLabel = "0..1",
      defaultValue = "0.25",
      description =
          "Share of the views that are of a product that goes with the one before. Default:"
              + " ${DEFAULT-VALUE}.")
  private double companions;

  @Option(
      names = "--bought-again",
      paramLabel = "0..1",
      defaultValue = "0.1",
      description =
          "Share of the sessions that begin with a product bought before. Default:"
              + " ${DEFAULT-VALUE}.")
  private double boughtAgain;

  @Option(
      names = "--drift",
      paramLabel = "0..1",
      defaultValue = "0.05",
      description =
          "Share of the sessions before which one of the shopper's tastes changes. Default:"
              + " ${DEFAULT-VALUE}.")
  private double drift;

  @Option(
      names = "--terse",
      paramLabel = "0..1",
      defaultValue = "0.3",
      description =
          "Share of the products whose text says nothing of what they are. Default:"
              + " ${DEFAULT-VALUE}.")
  private double terse;

  /** Returns the first of these options that is given. */
  Optional<String> given() {
    return NAMES.stream().filter(spec.commandLine().getParseResult()::hasMatchedOption).findFirst();
  }

  /** Lets the shoppers shop. */
  EvaluatedShop open(long seed) {
    return new SimulatedShop(
            catalog(),
            atLeast("--users", users, 2),
            atLeast("--sessions", sessions, 2),
            Duration.ofDays(atLeast("--days", days, 1)),
            habits(),
            seed)
        .open(catalogFile.file().map(file -> file.getFileName().toString()).orElse("made up"));
  }

  private Habits habits() {
    try {
      return new Habits(companions, boughtAgain, drift, terse);
    } catch (IllegalArgumentException e) {
      throw wrongUse("--companions, --bought-again, --drift or --terse: " + e.getMessage());
    }
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

  /**
   * Returns the value of an option of the command.
   *
   * @throws ParameterException if it is smaller than that
   */
  int atLeast(String option, int value, int least) {
    if (value < least) {
      throw wrongUse(option + " must be " + least + " or more, but is " + value);
    }
    return value;
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
