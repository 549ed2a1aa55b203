package io.vectorstream.command;

import io.vectorstream.config.SettingsOptions;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.store.ModelState;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that takes the new model of a migration into use. */
@Command(
    name = "switch",
    mixinStandardHelpOptions = true,
    description = {
      "Takes the new model into use, in one step. Running pipelines and servers follow within"
          + " seconds; the former model's vectors are kept up to date.",
      "`model switch-back` undoes it, until `model drop-old`."
    })
public final class ModelSwitchCommand implements Callable<Integer> {

  @Option(
      names = "--force",
      description = "Also if many products still wait for a vector of the new model.")
  private boolean force;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    tell(
        ModelStore.ask(options.load(), (settings, models) -> models.switchOver(force)),
        spec.commandLine().getOut());
    return 0;
  }

  /** Tells which model is in use, and which settings have to change because of that. */
  static void tell(ModelState state, PrintWriter out) {
    out.println(MigrationWatch.told(state));
    if (state.other() != null) {
      out.println(
          "Set for the next start of `run`, `serve` and others: "
              + ModelInUse.advice(state.inUse(), state.other().settings()));
    }
    if (state.switched()) {
      out.println(
          "`model switch-back` takes the former one again; `model drop-old` deletes its vectors.");
    } else if (state.other() != null) {
      out.println("`model switch` takes the other one again; `model cancel` deletes its vectors.");
    }
    out.flush();
  }
}
