package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.LoadRunner;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Migration;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.RememberingSink;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.StoreAssertions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pipeline is killed while it copies what is stored for another model, and writes for both,
 * under load. In the end the points of both models have to be exact.
 */
@ExtendWith(SharedServices.class)
@Nightly
class ModelKillIT {

  private static final int PRODUCTS = 400;
  private static final int EVENTS_PER_SECOND = 60;

  /** A copy begins only when the new model is loaded, and no batch is unfinished. */
  private static final Duration REACHED = Duration.ofSeconds(90);

  @Test
  void whenever_it_is_killed_the_points_of_both_models_are_exact(
      Services services, @TempDir Path folder) throws Exception {
    long seed = Tally.seed("ModelKillIT");
    Random random = new Random(seed);
    try (Deployment deployment = new Deployment(services, folder, StoreAssertions.PAIRS);
        Migration migration = new Migration(services, deployment);
        RememberingSink sink = RememberingSink.to(deployment.settings().kafka())) {
      EventStream shoppers =
          new EventStream(Catalog.generate(PRODUCTS, seed), KillIT.SHOPPERS, seed);
      LoadRunner load =
          new LoadRunner(shoppers, sink, () -> EVENTS_PER_SECOND, Long.MAX_VALUE, null);
      CompletableFuture<LoadReport> sending = CompletableFuture.supplyAsync(load::run);
      LoadReport sent;
      try {
        KillIT.kill(Failpoint.USERS_MERGED, random, deployment, folder);
        migration.begin();
        for (Failpoint failpoint : plan(random)) {
          KillIT.kill(failpoint, random, deployment, folder, REACHED);
        }
      } finally {
        load.stop();
        sent = sending.join();
      }
      KillIT.finish(deployment, folder, deployment.given(), sent.valid(), sent.malformed());
      try (ChildProgram program = ChildProgram.run(folder, null, deployment.given())) {
        program.await(migration::isReady);
        program.await(migration::waitsForNothing);
      }
      KillIT.assertExact(deployment, sink, List.of(), sent);
      migration.assertBothExact(sink.valid());
      assertThat(migration.state().progress().inPart()).isZero();
    }
  }

  /**
   * Returns each place of a migration, and some of a batch, in random order within their passes;
   * one of them in a short form.
   */
  private static List<Failpoint> plan(Random random) {
    List<Failpoint> products =
        new ArrayList<>(
            List.of(
                Failpoint.COPIED_PRODUCTS_UNWRITTEN,
                Failpoint.COPIED_PRODUCTS_WRITTEN,
                Failpoint.PRODUCTS_PARTLY_MERGED,
                Failpoint.COPY_NOTED));
    List<Failpoint> users =
        new ArrayList<>(
            List.of(
                Failpoint.COPIED_USERS_UNWRITTEN,
                Failpoint.COPIED_USERS_WRITTEN,
                Failpoint.USERS_PARTLY_MERGED));
    Collections.shuffle(products, random);
    Collections.shuffle(users, random);
    List<Failpoint> all = Stream.concat(products.stream(), users.stream()).toList();
    return Tally.isLong() ? all : List.of(all.get(random.nextInt(all.size())));
  }
}
