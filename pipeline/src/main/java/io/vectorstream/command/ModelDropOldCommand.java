package io.vectorstream.command;

import io.vectorstream.config.SettingsOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command that ends a migration after a switch. */
@Command(
    name = "drop-old",
    mixinStandardHelpOptions = true,
    description = "Ends a migration after a switch: the vectors of the former model are deleted.")
public final class ModelDropOldCommand implements Callable<Integer> {

  @Mixin private DropOptions drop;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return ModelStore.ask(
        options.load(),
        (settings, models) ->
            drop.await(
                models.dropOld(),
                models,
                "model drop-old --no-pipeline",
                spec.commandLine().getOut()));
  }
}
