package io.vectorstream.command;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.StringUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Serves the HTTP API alone. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the HTTP API and its page, without a pipeline: searches, recommendations, dead letters.",
      "The page is at /, the API's documentation at /docs. Ctrl-C ends it after the requests in hand."
    })
public final class ServeCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = options.load().withFilesRead();
    PrintWriter out = spec.commandLine().getOut();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ApiSources sources = new ApiSources(settings, Optional.empty(), meters::scrape);
    try (HttpServer server = HttpServer.start(settings, sources, meters);
        EmbeddingService embeddings = EmbeddingService.shared(settings.embedding())) {
      out.printf(
          "The API is at %s, over Qdrant at %s:%d. Ctrl-C stops.%n",
          server.url(), settings.qdrant().host(), settings.qdrant().port());
      out.println(StringUtils.capitalize(embeddings.description()) + ".");
      out.flush();
      server.awaitStop();
    }
    return 0;
  }
}
