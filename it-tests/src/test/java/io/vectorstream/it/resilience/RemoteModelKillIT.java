package io.vectorstream.it.resilience;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.LoadRunner;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.EmbeddingServer;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.RememberingSink;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.StoreAssertions;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipeline is killed while a server embeds its texts, which refuses one of three requests. In
 * the end every text has its embedding, and all sums are exact.
 */
@ExtendWith(SharedServices.class)
@Nightly
class RemoteModelKillIT {

  private static final int PRODUCTS = 300;
  private static final int EVENTS_PER_SECOND = 60;

  @Test
  void whenever_it_is_killed_every_text_is_embedded_and_every_event_counted_once(
      Services services, @TempDir Path folder) throws Exception {
    long seed = Tally.seed("RemoteModelKillIT");
    Random random = new Random(seed);
    try (EmbeddingServer server = new EmbeddingServer();
        Deployment deployment =
            new Deployment(
                services,
                folder,
                StoreAssertions.PAIRS,
                "embedding.model=remote",
                "embedding.remote.url=" + server.url(),
                "embedding.remote.model=a-model",
                "embedding.remote.retry_for=5s");
        RememberingSink sink = RememberingSink.to(deployment.settings().kafka())) {
      EventStream shoppers =
          new EventStream(Catalog.generate(PRODUCTS, seed), KillIT.SHOPPERS, seed);
      LoadRunner load =
          new LoadRunner(shoppers, sink, () -> EVENTS_PER_SECOND, Long.MAX_VALUE, null);
      CompletableFuture<LoadReport> sending = CompletableFuture.supplyAsync(load::run);
      LoadReport sent;
      server.refuse(3);
      try {
        for (Failpoint failpoint :
            List.of(
                Failpoint.REMOTE_EMBEDDING,
                Failpoint.PRODUCTS_PARTLY_MERGED,
                Failpoint.PENDING_INTERESTS_RESOLVED)) {
          KillIT.kill(failpoint, random, deployment, folder);
        }
      } finally {
        load.stop();
        sent = sending.join();
      }
      KillIT.finish(deployment, folder, deployment.given(), sent.valid(), sent.malformed());
      server.refuse(0);
      KillIT.assertExact(deployment, sink, List.of(), sent);
    }
  }
}
