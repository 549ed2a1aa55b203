package io.vectorstream.command;

import io.vectorstream.config.SettingsOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command that gives a migration up. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description =
        "Gives a migration up that was not switched: the vectors of the new model are deleted.")
public final class ModelCancelCommand implements Callable<Integer> {

  @Mixin private DropOptions drop;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return ModelStore.ask(
        options.load(),
        (settings, models) ->
            drop.await(
                models.cancel(),
                models,
                "model cancel --no-pipeline",
                spec.commandLine().getOut()));
  }
}
