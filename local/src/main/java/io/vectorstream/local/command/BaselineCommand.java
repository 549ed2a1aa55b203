package io.vectorstream.local.command;

import io.vectorstream.config.SettingsOptions;
import io.vectorstream.local.baseline.Baseline;
import io.vectorstream.local.baseline.BaselineTable;
import io.vectorstream.reports.result.Ladder;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that measures the gain by each idea of the pipeline. */
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Measures what each idea of the pipeline buys: stores the same events one by one first, an"
          + " embedding and an upsert each, and then with one idea more in each step: batches,"
          + " sorted by length, each text embedded once, batched upserts, int8, all cores.",
      "Everything is kept in this process, with a vector store of its own that speaks Qdrant's"
          + " protocol; Kafka and Spark have no part in it. The steps take turns, round by round."
    })
public final class BaselineCommand implements Callable<Integer> {

  private static final int MOST = 100_000;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Events that each step stores in each round. Default: ${DEFAULT-VALUE}.")
  private int events;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds, in which every step has its turn. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Mixin private ResultOptions results;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    results.check();
    check("--events", events);
    check("--rounds", rounds);
    options.load();
    StageLines stages = new StageLines(results.out());
    Baseline baseline = new Baseline(events, rounds, options::load, stages::at);
    Optional<Ladder> result = CtrlC.unlessStopped("baseline", baseline::run);
    if (result.isEmpty()) {
      return CtrlC.STATUS;
    }
    new BaselineTable(results.out()).print(result.get());
    results.write(result.get(), "The result");
    return 0;
  }

  private void check(String option, int value) {
    if (value < 1 || value > MOST) {
      throw new ParameterException(
          spec.commandLine(), "%s must be from 1 to %d, but is %d".formatted(option, MOST, value));
    }
  }
}
