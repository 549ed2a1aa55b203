package io.vectorstream.it.page;

import com.google.common.util.concurrent.Uninterruptibles;
import io.vectorstream.config.Settings;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.KafkaSink;
import io.vectorstream.generator.LoadRunner;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.it.Deployment;
import io.vectorstream.monitoring.Meters;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.stream.Pipeline;
import java.util.Optional;

/** A shop with customers, some of whose records cannot be read, and the pipeline with its page. */
final class LiveShop implements AutoCloseable {
  private static final double EVENTS_PER_SECOND = 40;
  private static final double MALFORMED = 0.05;

  private final Meters meters = new Meters();
  private final Pipeline pipeline;
  private final HttpServer server;
  private final KafkaSink sink;
  private final LoadRunner load;
  private final Thread sending;

  LiveShop(Deployment deployment, Catalog catalog) {
    Settings settings = deployment.settings();
    pipeline = Pipeline.start(settings, batch -> {});
    pipeline.bindTo(meters.registry());
    server =
        HttpServer.start(
            settings,
            new ApiSources(settings, Optional.of(pipeline), meters::text),
            meters.registry());
    Settings.Kafka kafka = settings.kafka();
    sink =
        new KafkaSink(
            kafka.bootstrapServers(),
            kafka.topic(),
            kafka.partitions(),
            kafka.properties(),
            kafka.connectTimeout());
    ShopperSettings shoppers = ShopperSettings.defaults().withMalformedShare(MALFORMED);
    load =
        new LoadRunner(
            new EventStream(catalog, shoppers, 1),
            sink,
            () -> EVENTS_PER_SECOND,
            Long.MAX_VALUE,
            null);
    sending = new Thread(load::run, "customers");
    sending.start();
  }

  String url() {
    return server.url() + "/";
  }

  PipelineTotals totals() {
    return pipeline.totals();
  }

  @Override
  public void close() {
    try (pipeline;
        meters;
        server;
        sink) {
      load.stop();
      Uninterruptibles.joinUninterruptibly(sending);
    }
  }
}
