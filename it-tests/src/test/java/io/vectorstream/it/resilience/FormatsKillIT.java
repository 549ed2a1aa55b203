package io.vectorstream.it.resilience;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventSink;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.KafkaSink;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.LoadRunner;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.RememberingSink;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.local.registry.EmbeddedRegistry;
import io.vectorstream.local.registry.EventEncoder;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.registry.RegisteredSchemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The program is killed under a load of events in all formats, and its result has to be exact. */
@ExtendWith(SharedServices.class)
@Nightly
class FormatsKillIT {

  private static final int EVENTS_PER_SECOND = 120;

  /** A sink that gives each record on in the next format. */
  private record MixedFormats(EventSink sink, List<EventEncoder> encoders, Random random)
      implements EventSink {

    @Override
    public void send(GeneratedRecord record) {
      sink.send(encoders.get(random.nextInt(encoders.size())).encode(record));
    }

    @Override
    public void flush() {
      sink.flush();
    }

    @Override
    public void close() {
      sink.close();
    }
  }

  @Test
  void whenever_it_is_killed_every_event_is_counted_once_in_whatever_format_it_came(
      Services services, @TempDir Path folder) throws Exception {
    long seed = Tally.seed("FormatsKillIT");
    Random random = new Random(seed);
    RegisteredSchemas schemas = new RegisteredSchemas();
    List<EventEncoder> encoders = new ArrayList<>();
    for (EventFormat format : EventFormat.values()) {
      encoders.add(EventEncoder.of(format, schemas));
    }
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(0, schemas, Optional.empty());
        Deployment deployment =
            new Deployment(
                services, folder, "kafka.format=auto", "kafka.registry.url=" + registry.url());
        KafkaSink kafka =
            new KafkaSink(
                deployment.settings().kafka().bootstrapServers(),
                deployment.settings().kafka().topic(),
                deployment.settings().kafka().partitions(),
                Map.of(),
                deployment.settings().kafka().connectTimeout())) {
      RememberingSink sink =
          new RememberingSink(
              new MixedFormats(kafka, encoders, new Random(seed)),
              Collections.synchronizedList(new ArrayList<>()));
      EventStream shoppers =
          new EventStream(Catalog.generate(KillIT.PRODUCTS, seed), KillIT.SHOPPERS, seed);
      LoadRunner load =
          new LoadRunner(shoppers, sink, () -> EVENTS_PER_SECOND, Long.MAX_VALUE, null);
      CompletableFuture<LoadReport> sending = CompletableFuture.supplyAsync(load::run);
      LoadReport sent;
      try {
        KillIT.kill(Failpoint.BETWEEN_TWO_UPSERTS, random, deployment, folder);
        KillIT.kill(Failpoint.PRODUCTS_PARTLY_MERGED, random, deployment, folder);
      } finally {
        load.stop();
        sent = sending.join();
      }
      KillIT.finish(deployment, folder, deployment.given(), sent.valid(), sent.malformed());
      KillIT.assertExact(deployment, sink, List.of(), sent);
    }
  }
}
