package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.monitoring.Meters;
import io.vectorstream.monitoring.StructuredLog;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.StringUtils;
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
  @Mixin private SettingsOptions options;

  @Mixin private LogOptions logs;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = options.load().withFilesRead();
    PrintWriter out = spec.commandLine().getOut();
    try (Meters meters = new Meters();
        HttpServer server =
            HttpServer.start(
                settings,
                new ApiSources(settings, Optional.empty(), meters::text),
                meters.registry());
        EmbeddingService embeddings = EmbeddingService.shared(settings.embedding())) {
      tellStart(out, settings, embeddings, server);
      server.awaitStop();
    }
    return 0;
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
