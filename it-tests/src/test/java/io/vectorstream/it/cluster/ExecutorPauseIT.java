package io.vectorstream.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.cluster.ExecutorRules.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine of a cluster hangs: an executor and its worker are stopped (SIGSTOP), and continue long
 * after the driver has repeated their work elsewhere.
 */
@ExtendWith(SharedServices.class)
@Nightly
class ExecutorPauseIT {

  /** As long as a bad garbage collection. */
  private static final Duration SHORT_PAUSE = Duration.ofSeconds(6);

  /** Less than Spark's default wait for an executor. */
  private static final Duration SPARKS_PATIENCE = Duration.ofSeconds(120);

  @Test
  void what_an_executor_writes_that_was_given_up_changes_nothing(
      Services services, @TempDir Path folder) throws Exception {
    SparkHome spark = SparkHome.create(ExecutorPauseIT.class);
    ExecutorRules rules = ExecutorRules.write(folder);
    try (Deployment deployment =
            new Deployment(services, folder, "embedding.threads=1", "qdrant.upsert_batch=50");
        StandaloneCluster cluster = StandaloneCluster.start(spark, folder, 2);
        ChildProgram program =
            ClusterShop.submit(
                spark,
                cluster.url(),
                rules,
                deployment,
                folder.resolve("driver"),
                StandaloneCluster.settings(folder))) {
      ClusterShop shop = new ClusterShop(deployment, program);
      program.awaitText("The page and the API are at ");
      shop.send(1_000, 0);
      shop.awaitCommitted();

      List<ProcessHandle> executors = cluster.executors();
      assertThat(executors).hasSize(2);
      ChildProgram.signal("STOP", executors.get(0));
      shop.send(500, 0);
      Thread.sleep(SHORT_PAUSE.toMillis());
      ChildProgram.signal("CONT", executors.get(0));
      shop.awaitCommitted();
      assertThat(cluster.executors())
          .as("executors after a short pause")
          .containsExactlyInAnyOrderElementsOf(executors);

      int round = 1;
      for (Place place : places()) {
        program.await(() -> executorsWithModels(spark, cluster) == 2);
        rules.stopNextAt(place);
        shop.send(1_000, ClusterShop.PRODUCTS / 4 * round++);
        program.await(() -> stoppedAt(spark, place) > 0);
        ProcessHandle paused = ProcessHandle.of(stoppedAt(spark, place)).orElseThrow();
        ChildProgram worker = cluster.workerOf(paused);
        worker.pause();
        ChildProgram.signal("STOP", paused);
        long since = System.nanoTime();

        shop.awaitCommitted();
        Duration stoodStill = Duration.ofNanos(System.nanoTime() - since);
        System.out.printf(
            "ExecutorPauseIT: the stream stood still for %.1f s, with an executor stopped %s%n",
            stoodStill.toMillis() / 1e3, place);
        assertThat(stoodStill).isLessThan(SPARKS_PATIENCE);
        assertThat(rules.hasWritten(place)).isFalse();
        for (int batch = 0; batch < 2; batch++) {
          shop.send(500, 0);
          shop.awaitCommitted();
        }

        ChildProgram.signal("CONT", paused);
        program.await(() -> rules.hasWritten(place));
        worker.resume();
        shop.send(500, 0);
        shop.awaitCommitted();
        shop.assertExact();
      }
    }
  }

  /** Returns the place before the write of products; in the long form, that of users as well. */
  private static Set<Place> places() {
    boolean isLong = System.getProperty("resilience", "").equals("long");
    return isLong
        ? Set.of(Place.BEFORE_PRODUCTS, Place.BEFORE_USERS)
        : Set.of(Place.BEFORE_PRODUCTS);
  }

  /** Executors at work that have loaded the model, and so have had a task. */
  private static long executorsWithModels(SparkHome spark, StandaloneCluster cluster) {
    return Math.min(cluster.executors().size(), ExecutorRules.modelsLoaded(said(spark)));
  }

  private static long stoppedAt(SparkHome spark, Place place) {
    return ExecutorRules.stoppedAt(place, said(spark));
  }

  private static String said(SparkHome spark) {
    return String.join("\n", spark.executorsSaid());
  }
}
