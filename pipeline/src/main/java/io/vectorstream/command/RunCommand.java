package io.vectorstream.command;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsOptions;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.Meters;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.monitoring.StructuredLog;
import io.vectorstream.process.Printable;
import io.vectorstream.stream.Pipeline;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.StringUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command that runs the pipeline until it is told to stop. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the pipeline: reads events from Kafka, embeds what is new, writes to Qdrant.",
      "Beside it, serves a page that shows it, and the HTTP API; http.enabled=false leaves them"
          + " out.",
      "Ctrl-C finishes the batch in hand and stops; the next start goes on from there."
    })
public final class RunCommand implements Callable<Integer> {

  @Mixin private SettingsOptions options;

  @Mixin private TraceOptions traces;

  @Mixin private LogOptions logs;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = ModelInUse.ofReachable(options.load(traces.settings()));
    PrintWriter out = spec.commandLine().getOut();
    AwaitedPipeline running = new AwaitedPipeline();
    try (Meters meters = new Meters();
        HttpServer server = serve(settings, running, meters);
        Pipeline pipeline =
            logs.areJson()
                ? Pipeline.start(settings, batch -> {})
                : Pipeline.start(
                    settings, batch -> print(out, batch), health -> print(out, health))) {
      pipeline.bindTo(meters.registry());
      running.set(pipeline);
      tellStart(out, settings, pipeline, server);
      pipeline.awaitTermination();
    }
    return 0;
  }

  private void tellStart(PrintWriter out, Settings settings, Pipeline pipeline, HttpServer server) {
    if (logs.areJson()) {
      Map<String, Object> started = new LinkedHashMap<>();
      started.put("topic", settings.kafka().topic());
      started.put("kafka", settings.kafka().bootstrapServers());
      started.put("qdrant", settings.qdrant().address());
      started.put("engine", pipeline.engineDescription());
      started.put("url", server == null ? null : server.url());
      StructuredLog.started(started);
      return;
    }
    out.printf(
        "Reading %s at %s, writing to Qdrant at %s, a batch every %d ms. Ctrl-C stops.%n",
        settings.kafka().topic(),
        settings.kafka().bootstrapServers(),
        settings.qdrant().address(),
        settings.stream().trigger().toMillis());
    out.println(StringUtils.capitalize(pipeline.engineDescription()) + ".");
    if (server != null) {
      out.printf("The page and the API are at %s.%n", server.url());
    }
    out.flush();
  }

  /**
   * Starts the server before the pipeline, which takes some seconds: a port that is in use is
   * reported at once, and callers see that the pipeline starts.
   *
   * @return null if it is not wanted
   */
  private static HttpServer serve(Settings settings, ObservedPipeline running, Meters meters) {
    if (!settings.http().enabled()) {
      return null;
    }
    ApiSources sources = new ApiSources(settings, Optional.of(running), meters::text);
    return HttpServer.start(settings, sources, meters.registry());
  }

  private static void print(PrintWriter out, BatchReport batch) {
    out.printf(
        "batch %d: %,d records in %,d ms: %,d stored, %,d duplicates, %,d dead-lettered;"
            + " latency p50 %,d ms, p99 %,d ms%n",
        batch.id(),
        batch.records(),
        batch.duration().toMillis(),
        batch.stored(),
        batch.duplicates(),
        batch.deadLettered(),
        batch.latencyMs().getValueAtPercentile(50),
        batch.latencyMs().getValueAtPercentile(99));
    if (batch.skipped() > 0) {
      out.printf("  %,d records were left out, as the mapping says%n", batch.skipped());
    }
    if (batch.pendingTexts() > 0) {
      out.printf("  %,d new texts are embedded between the batches%n", batch.pendingTexts());
    }
    if (batch.waiting() > 0) {
      out.printf(
          "  %,d more are waiting, about %,d s at this pace%n",
          batch.waiting(),
          batch.waiting() * batch.duration().toMillis() / Math.max(1, batch.records()) / 1000);
    }
    out.flush();
  }

  private static void print(PrintWriter out, Health health) {
    out.printf(
        "%s: %s%s%n",
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        health.state().name().toLowerCase(Locale.ROOT),
        health.reason().isEmpty() ? "" : ": " + Printable.text(health.reason()));
    out.flush();
  }
}
