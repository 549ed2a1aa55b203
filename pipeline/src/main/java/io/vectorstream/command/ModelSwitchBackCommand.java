package io.vectorstream.command;

import io.vectorstream.config.SettingsOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command that takes the former model of a migration into use again. */
@Command(
    name = "switch-back",
    mixinStandardHelpOptions = true,
    description = "Takes the former model into use again, whose vectors were kept up to date.")
public final class ModelSwitchBackCommand implements Callable<Integer> {

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ModelSwitchCommand.tell(
        ModelStore.ask(options.load(), (settings, models) -> models.switchBack()),
        spec.commandLine().getOut());
    return 0;
  }
}
