package io.vectorstream.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.store.CopyProgress;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that says which models have vectors, and how far a migration is. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Says which model is in use, and how far a migration to another one is.")
public final class ModelStatusCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Optional<ModelState> state =
        ModelStore.ask(options.load(), (settings, models) -> models.state());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          state.map(ModelStatusCommand::json).orElse(new ObjectMapper().createObjectNode()));
    } else if (state.isEmpty()) {
      out.println("No migration was ever begun on these collections.");
    } else {
      print(state.get(), out);
    }
    out.flush();
    return 0;
  }

  private static void print(ModelState state, PrintWriter out) {
    out.println(MigrationWatch.told(state));
    CopyProgress progress = state.progress();
    if (state.phase() == Phase.COPYING && !progress.startedAt().isEmpty()) {
      out.printf(
          "Copied: %,d of %,d products, %,d of %,d users.%n",
          progress.products(), progress.productsInAll(), progress.users(), progress.usersInAll());
    }
    if (!state.problem().isEmpty()) {
      out.println("It does not go on: " + state.problem());
    }
    if (state.other() != null) {
      MigrationWatch.tellInPart(state, out);
    }
    if (!state.inUse().settings().isEmpty()) {
      out.println("Settings of the model in use: " + ModelInUse.advice(state.inUse(), Map.of()));
    }
  }

  private static ObjectNode json(ModelState state) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("phase", state.phase().name().toLowerCase(Locale.ROOT));
    node.put("switched", state.switched());
    node.set("in_use", json(state.inUse()));
    if (state.other() != null) {
      node.set("other", json(state.other()));
      node.put("products", state.progress().products());
      node.put("products_in_all", state.progress().productsInAll());
      node.put("users", state.progress().users());
      node.put("users_in_all", state.progress().usersInAll());
      node.put("users_in_part", state.progress().inPart());
      node.put("problem", state.problem());
    }
    return node;
  }

  private static ObjectNode json(ModelCollections model) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("model", model.model());
    node.put("dimension", model.dimension());
    node.put("products", model.products());
    node.put("users", model.users());
    model.settings().forEach(node.putObject("settings")::put);
    return node;
  }
}
