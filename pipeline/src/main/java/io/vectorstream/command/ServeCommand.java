package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.monitoring.Meters;
import io.vectorstream.monitoring.StructuredLog;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.StoredModel;
import io.vectorstream.store.VectorStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command that serves the HTTP API without a pipeline. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the HTTP API and its page, without a pipeline: searches, recommendations, dead"
          + " letters.",
      "The page is at /, the API's documentation at /docs. Ctrl-C ends it after the requests in"
          + " hand."
    })
public final class ServeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  /** The time for the check of the stored vectors at the start. */
  private static final Duration SOON = Duration.ofSeconds(2);

  @Mixin private SettingsOptions options;

  @Mixin private LogOptions logs;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = ModelInUse.ofReachable(options.load().withFilesRead());
    PrintWriter out = spec.commandLine().getOut();
    try (Meters meters = new Meters();
        HttpServer server =
            HttpServer.start(
                settings,
                new ApiSources(settings, Optional.empty(), meters::text),
                meters.registry());
        EmbeddingService embeddings = EmbeddingService.shared(settings.embedding())) {
      checkModel(settings, embeddings);
      tellStart(out, settings, embeddings, server);
      server.awaitStop();
    }
    return 0;
  }

  /** Checks the stored vectors; where the store does not answer, the first search does it. */
  private static void checkModel(Settings settings, EmbeddingService embeddings) {
    try (VectorStore store = VectorStore.connect(settings.qdrant().within(SOON))) {
      StoredModel stored = new StoredModel(store, embeddings.identity());
      stored.requireProducts(embeddings.dimension());
      stored.requireEverywhere();
    } catch (StoreException e) {
      if (!e.isPassing()) {
        throw e;
      }
      log.debug("the stored vectors are not checked yet", e);
    }
  }

  private void tellStart(
      PrintWriter out, Settings settings, EmbeddingService embeddings, HttpServer server) {
    String qdrant = settings.qdrant().address();
    if (logs.areJson()) {
      StructuredLog.started(
          Map.of("qdrant", qdrant, "engine", embeddings.description(), "url", server.url()));
      return;
    }
    out.printf("The API is at %s, over Qdrant at %s. Ctrl-C stops.%n", server.url(), qdrant);
    out.println(StringUtils.capitalize(embeddings.description()) + ".");
    out.flush();
  }
}
