package io.vectorstream.jmh;

import io.vectorstream.reports.compare.PairedComparison;
import io.vectorstream.reports.page.Report;
import io.vectorstream.reports.page.TextSummary;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that runs forks of the benchmarks of an old and of a new build in turns. */
@Command(
    name = "InTurns",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Runs benchmarks of an old jar and of a new one in turns, A B B A and so on, one fork each"
          + " time, and gives the ratio of each benchmark with a 95%% confidence interval.",
      "The exit status is 0 when none is worse, 1 otherwise, 2 for wrong use."
    })
public final class InTurns implements Callable<Integer> {
  private static final String OLD = "old";
  private static final String NEW = "new";

  @Option(
      names = "--baseline",
      paramLabel = "JAR",
      required = true,
      description = "The old benchmarks.jar, with its folder lib beside it.")
  private Path baseline;

  @Option(
      names = "--jar",
      paramLabel = "JAR",
      defaultValue = "jmh/target/benchmarks.jar",
      description = "The new one. Default: ${DEFAULT-VALUE}.")
  private Path jar;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Forks of each; 3 or more to be judged. Default: ${DEFAULT-VALUE}.")
  private int pairs;

  @Option(
      names = "--tolerance",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description =
          "A change below this is never marked, however certain it is. Default: ${DEFAULT-VALUE}"
              + " percent.")
  private double tolerance;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "jmh-in-turns",
      description =
          "Where the results of all forks go, in old and new; report --baseline reads them."
              + " Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Parameters(
      paramLabel = "JMH",
      arity = "0..*",
      description =
          "After --: what JMH is told, such as a part of a benchmark's name, or -p; not -f, -rf,"
              + " -rff.")
  private List<String> jmh = List.of();

  @Spec private CommandSpec spec;

  /** The way to run a program to its end; returns its exit status. */
  @FunctionalInterface
  interface Runner {
    int run(List<String> command) throws IOException, InterruptedException;
  }

  private final Runner runner;

  public InTurns() {
    this(command -> new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  InTurns(Runner runner) {
    this.runner = runner;
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new InTurns()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (Path each : List.of(baseline, jar)) {
      if (!Files.isRegularFile(each)) {
        throw wrongUse(each + " is not there; expected a benchmarks.jar");
      }
    }
    if (pairs < 1) {
      throw wrongUse("--pairs must be 1 or more, but is " + pairs);
    }
    for (String build : List.of(OLD, NEW)) {
      makeEmpty(out.resolve(build));
    }
    for (int pair = 1; pair <= pairs; pair++) {
      for (String build : pair % 2 == 1 ? List.of(OLD, NEW) : List.of(NEW, OLD)) {
        System.out.printf("%n# Pair %d of %d: the %s build%n", pair, pairs, build);
        fork(build, pair);
      }
    }
    List<ResultFile> now = ResultReader.read(List.of(out.resolve(NEW)));
    PairedComparison paired =
        PairedComparison.of(ResultReader.read(List.of(out.resolve(OLD))), now, tolerance / 100);
    System.out.print(
        TextSummary.of(new Report(Instant.now(), now, Optional.empty(), Optional.of(paired))));
    return paired.hasRegression() ? 1 : 0;
  }

  private void makeEmpty(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (var files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw wrongUse(folder + " has files in it; expected an empty folder, or another --out");
      }
    }
  }

  private void fork(String build, int pair) throws IOException, InterruptedException {
    Path result = out.resolve(build).resolve("%02d.json".formatted(pair));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-jar", (build.equals(OLD) ? baseline : jar).toString(), "-foe", "true"));
    command.addAll(List.of("-f", "1", "-rf", "json", "-rff", result.toString()));
    command.addAll(jmh);
    int status = runner.run(command);
    if (status != 0 || !Files.exists(result)) {
      throw new IOException(
          "the %s build ended with status %d in pair %d; its output says why"
              .formatted(build, status, pair));
    }
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
