package io.vectorstream.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of commands that replace the model while the pipeline runs. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Replaces the model that embeds, while the pipeline runs.",
    subcommands = {
      ModelMigrateCommand.class,
      ModelStatusCommand.class,
      ModelCompareCommand.class,
      ModelSwitchCommand.class,
      ModelSwitchBackCommand.class,
      ModelCancelCommand.class,
      ModelDropOldCommand.class
    })
public final class ModelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return CommandLine.ExitCode.OK;
  }
}
