package io.vectorstream.command;

import io.vectorstream.config.ModelSettings;
import io.vectorstream.config.Redaction;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.PlainModel;
import io.vectorstream.migration.ModelMigrations;
import io.vectorstream.process.Printable;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that begins a migration to another model, and watches it. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = {
      "Has the running pipeline make vectors with another model, too, and copy for it what is"
          + " stored; nothing changes for searches until `model switch`.",
      "The pipeline does the work, so this may be ended and run again at any time, to watch. At the"
          + " end it compares both models.",
      "The machine of the pipeline has to have the model under the same path. Settings of the model"
          + " that its own files do not say, or should not, go with --set: embedding.pooling,"
          + " embedding.query_prompt, embedding.document_prompt, embedding.dimensions,"
          + " embedding.max_tokens."
    })
public final class ModelMigrateCommand implements Callable<Integer> {

  @Option(
      names = "--to",
      required = true,
      paramLabel = "MODEL",
      description =
          "The new model: a folder, a URL, bundled, or remote for a server"
              + " (embedding.remote.url and others with --set).")
  private String to;

  @Option(
      names = "--switch",
      description = "Take the new model into use at the end, without a further question.")
  private boolean switchOver;

  @Option(names = "--no-wait", description = "Begin it, and do not watch.")
  private boolean noWait;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    String model = model();
    Settings settings = settings(model);
    Settings.Embedding embedding = settings.embedding();
    if (embedding.asksServer()
        && !embedding.remote().apiKey().isEmpty()
        && embedding.remote().apiKeyFile().isEmpty()) {
      throw new IllegalArgumentException(
          "the key of the server has to be where the pipeline can read it; expected"
              + " embedding.remote.api_key_file, a file on its machine");
    }
    if (Redaction.holdsSecret(model)) {
      throw new IllegalArgumentException(
          "--to: the URL has a password, which would be stored for every process to load the model;"
              + " expected a folder, or a URL without one");
    }
    try (PlainModel next = open(embedding)) {
      Map<String, String> loads = ModelSettings.of(embedding);
      ModelStore.ask(
          settings, (read, models) -> models.begin(next.identity(), next.dimension(), loads));
    }
    if (noWait) {
      out().println("Begun; `model status` says how far it is.");
      out().flush();
      return 0;
    }
    return ModelStore.ask(settings, this::watch);
  }

  private PlainModel open(Settings.Embedding embedding) {
    try {
      return PlainModel.open(embedding.withApiKey(embedding.remote().resolvedApiKey()));
    } catch (EmbeddingException e) {
      throw new IllegalArgumentException(
          "--to: '%s' cannot be taken: %s".formatted(Printable.text(to), e.getMessage()), e);
    }
  }

  /** Returns the model as the pipeline has to find it. */
  private String model() {
    if (List.of(Settings.Embedding.BUNDLED, Settings.Embedding.REMOTE).contains(to)
        || to.contains("://")
        || to.startsWith("file:")) {
      return to;
    }
    try {
      if (Files.isDirectory(Path.of(to))) {
        return Path.of(to).toRealPath().toString();
      }
    } catch (InvalidPathException | IOException e) {
      // It is none, as far as this process can see.
    }
    throw new IllegalArgumentException(
        "--to: '%s' is no folder; expected a folder with a model, a model's URL, bundled, or remote"
            .formatted(Printable.text(to)));
  }

  /** Returns the settings with this model, which has only its own files' settings unless given. */
  private Settings settings(String model) {
    List<String> ofTheFiles = new ArrayList<>();
    ModelSettings.OF_THE_FILES.forEach((name, value) -> ofTheFiles.add(name + "=" + value));
    return options.load(ofTheFiles, List.of(ModelSettings.MODEL + "=" + model));
  }

  private int watch(Settings settings, ModelMigrations models) {
    MigrationWatch watch = new MigrationWatch(models, LoadProgress.of(spec), out());
    ModelState state;
    try {
      state = watch.untilReady();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
    if (state.phase() != Phase.READY) {
      out().println("The migration was ended: " + MigrationWatch.told(state));
      out().flush();
      return 1;
    }
    out().println(MigrationWatch.told(state));
    MigrationWatch.tellInPart(state, out());
    ComparisonTable.print(ComparisonTable.compare(withoutKey(settings), state), out());
    if (switchOver && !state.switched()) {
      ModelState switched = models.switchOver(false);
      ModelSwitchCommand.tell(switched, out());
    } else if (!state.switched()) {
      out().println("`model switch` takes it into use, `model cancel` gives it up.");
    }
    out().flush();
    return 0;
  }

  private static Settings withoutKey(Settings settings) {
    return settings.withModel(
        settings.embedding().withApiKey(new Secret("")),
        settings.qdrant().collections().products(),
        settings.qdrant().collections().users());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
