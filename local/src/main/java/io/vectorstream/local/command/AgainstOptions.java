package io.vectorstream.local.command;

import io.vectorstream.local.against.Against;
import io.vectorstream.local.against.Build;
import io.vectorstream.local.against.ChildRun;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.workload.BundledFile;
import io.vectorstream.reports.CiFiles;
import io.vectorstream.reports.page.Report;
import io.vectorstream.reports.page.TextSummary;
import io.vectorstream.reports.result.AgainstResult;
import io.vectorstream.reports.result.ResultFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for a load on this build and on another one in turns; a picocli mixin. */
final class AgainstOptions {
  private static final int MOST_PAIRS = 100;
  private static final int DEFAULT_PAIRS = 4;

  /** The options that are for all runs together, or that each run is given anew. */
  private static final Set<String> OWN =
      Set.of(
          "--against",
          "--pairs",
          "--json",
          "--junit",
          "--markdown",
          "--badge",
          "--seed",
          "--workload");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--against",
      paramLabel = "OTHER",
      description = {
        "Run the same load on this build and on another one in turns, A B B A and so on, each in a"
            + " process of its own, and give the ratio of each figure with a 95%% confidence"
            + " interval. OTHER is a jar that names in its manifest what it needs, the folder of a"
            + " checkout, or a commit of this one, which is built in a temporary worktree.",
        "The exit status is 0 when this build misses no target, and no figure is worse by 5%% or more"
            + " with an interval that leaves out 1."
      })
  private String other;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description =
          "With --against: pairs, in which both builds have a run; 3 or more to be judged. Default:"
              + " 4.")
  private Integer pairs;

  boolean isAsked() {
    return other != null;
  }

  /**
   * @throws ParameterException when an option is wrong, or goes with none of the others
   */
  void check(boolean sweep, BesideOptions beside, boolean systems, MeasuredServices services) {
    if (other == null) {
      if (pairs != null) {
        throw wrongUse("--pairs is for --against");
      }
      return;
    }
    if (sweep || beside.isAsked() || systems) {
      throw wrongUse(
          "--against cannot go with --sweep, --beside-embedded or --system; expected one of them");
    }
    if (services.keep()) {
      throw wrongUse("--keep is for one run; with --against, each of the runs starts with nothing");
    }
    if (pairs() < 1 || pairs() > MOST_PAIRS) {
      throw wrongUse("--pairs must be from 1 to %d, but is %d".formatted(MOST_PAIRS, pairs()));
    }
  }

  private int pairs() {
    return pairs == null ? DEFAULT_PAIRS : pairs;
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /**
   * Runs everything, writes what was measured, and returns the exit status.
   *
   * @param workload the name of the workload's file; null for none
   * @param workloadFile where it is; both builds read this one
   */
  int run(
      String workload,
      Optional<Path> workloadFile,
      Load load,
      ResultOptions results,
      CiFiles ciFiles,
      StopRequest stop)
      throws InterruptedException {
    Path folder = logs();
    String home = System.getProperty(BundledFile.HOME);
    List<String> arguments = arguments(workloadFile, load.seed());
    try (Build own = Build.running();
        Build another =
            Build.find(
                other,
                home == null ? null : Path.of(home),
                folder.resolve("build.log"),
                results.out())) {
      results.out().println("What the runs print is in " + folder);
      Against runs =
          new Against(
              workload,
              another.name(),
              load.seed(),
              load.duration(),
              pairs(),
              (build, run) ->
                  ChildRun.run(
                      build.equals(AgainstResult.THIS) ? own : another,
                      arguments,
                      folder.resolve("%02d-%s.json".formatted(run, build)),
                      folder.resolve("%02d-%s.log".formatted(run, build)),
                      stop),
              results.out());
      boolean isWorse = false;
      try {
        runs.run();
      } finally {
        // Reports the result after a failure too: what was measured is still useful.
        Optional<AgainstResult> result = runs.result();
        isWorse = result.isEmpty() || tell(result.get(), results, ciFiles);
      }
      return stop.isRequested() ? CtrlC.STATUS : isWorse ? 1 : 0;
    }
  }

  private static Path logs() {
    try {
      return Files.createTempDirectory("vectorstream-runs");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no place for the results of the runs", e);
    }
  }

  /** Returns the arguments of one run: those of this command, but for what is for all of them. */
  private List<String> arguments(Optional<Path> workload, long seed) {
    List<String> arguments = new ArrayList<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (OWN.contains(option.longestName())) {
        continue;
      }
      if (option.arity().max() == 0) {
        arguments.add(option.longestName());
      } else {
        option
            .originalStringValues()
            .forEach(value -> arguments.add(option.longestName() + "=" + value));
      }
    }
    workload.ifPresent(file -> arguments.add("--workload=" + file.toAbsolutePath()));
    arguments.add("--seed=" + seed);
    return arguments;
  }

  /** Returns whether something is worse or missed. */
  private static boolean tell(AgainstResult result, ResultOptions results, CiFiles ciFiles) {
    Report report = Report.of(ResultFile.of("against.json", result));
    results.out().println();
    results.out().print(TextSummary.of(report));
    results.write(result, "The result of all runs");
    ciFiles.write(report);
    return result.isIncompleteOrMissed() || report.hasPairedRegression();
  }
}
