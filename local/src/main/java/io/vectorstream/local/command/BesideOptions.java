package io.vectorstream.local.command;

import io.vectorstream.local.beside.Beside;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.reports.CiFiles;
import io.vectorstream.reports.result.BesideResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for a load on the embedded services and on given ones; a picocli mixin. */
final class BesideOptions {
  private static final int MOST_ROUNDS = 100;
  private static final Path DEFAULT_REPORT = Path.of("report.html");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--beside-embedded",
      description = {
        "Run the same load on the embedded services and on those at --bootstrap-servers and"
            + " --qdrant, one after the other, and draw both in one report. A first, short run is"
            + " thrown away.",
        "The exit status is 0 when no run misses a target, as without it."
      })
  private boolean asked;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "With --beside-embedded and --system: rounds, in which each of them has a run; every other"
              + " round in the opposite order. Default: 1.")
  private Integer rounds;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "With --beside-embedded and --system: where the report goes. Default: report.html.")
  private Path report;

  boolean isAsked() {
    return asked;
  }

  /**
   * @param otherTurns whether other runs take turns, for which rounds and the report are, too
   * @throws ParameterException when an option is wrong, or goes with none of the others
   */
  void check(boolean sweep, MeasuredServices services, boolean otherTurns) {
    if (!asked && otherTurns) {
      checkTurns();
      return;
    }
    if (!asked) {
      onlyWith("--rounds", rounds);
      onlyWith("--report", report);
      return;
    }
    if (sweep) {
      throw wrongUse("--beside-embedded cannot go with --sweep; expected one of them");
    }
    if (!services.areBothGiven()) {
      throw wrongUse(
          "--beside-embedded needs --bootstrap-servers and --qdrant, the services that run beside"
              + " the embedded ones");
    }
    if (services.keep()) {
      throw wrongUse(
          "--keep is for one run; with --beside-embedded, each of the runs starts with nothing");
    }
    checkTurns();
  }

  private void checkTurns() {
    if (rounds() < 1 || rounds() > MOST_ROUNDS) {
      throw wrongUse("--rounds must be from 1 to %d, but is %d".formatted(MOST_ROUNDS, rounds()));
    }
    if (!ResultOptions.canBeWritten(path().toString())) {
      throw wrongUse("--report " + path() + " cannot be written; expected a file");
    }
  }

  private void onlyWith(String option, Object value) {
    if (value != null) {
      throw wrongUse(option + " is for --beside-embedded and --system");
    }
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  int rounds() {
    return rounds == null ? 1 : rounds;
  }

  /** Returns where the report goes. */
  Path path() {
    return report == null ? DEFAULT_REPORT : report;
  }

  /** Runs everything, writes what was measured, and returns the exit status. */
  int run(BesideBench bench, ResultOptions results, CiFiles ciFiles, StopRequest stop)
      throws InterruptedException {
    Duration trigger = bench.settings().apply(List.of()).stream().trigger();
    Beside runs =
        new Beside(
            bench.workload(),
            bench.load().seed(),
            bench.load().duration(),
            trigger.multipliedBy(LoadOptions.LEAST_TRIGGERS),
            rounds(),
            bench,
            results.out());
    try {
      runs.run();
    } finally {
      // Reports the result after a failure too: what was measured is still useful.
      runs.result().ifPresent(result -> tell(result, results, ciFiles));
    }
    if (stop.isRequested()) {
      return CtrlC.STATUS;
    }
    return runs.result().orElseThrow().isIncompleteOrMissed() ? 1 : 0;
  }

  private void tell(BesideResult result, ResultOptions results, CiFiles ciFiles) {
    ReportFile.write(
        path(), "beside-embedded.json", result, "The result of all runs", results, ciFiles);
  }
}
