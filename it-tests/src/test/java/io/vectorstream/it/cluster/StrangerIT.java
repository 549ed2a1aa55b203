package io.vectorstream.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.it.ChildProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Spark master with the settings of the stack for Docker, and an intruder on its network. */
class StrangerIT {

  @Test
  void a_worker_without_the_secret_is_given_no_work(@TempDir Path folder) throws Exception {
    SparkHome spark = SparkHome.create(StrangerIT.class);
    try (StandaloneCluster cluster = StandaloneCluster.start(spark, folder, 1)) {
      cluster.master().awaitText("Registering worker");
      try (ChildProgram stranger = cluster.startStranger(spark, folder.resolve("stranger"))) {
        // It is refused again and again.
        stranger.awaitText("Failed to connect to master");
      }
      assertThat(cluster.master().said().split("Registering worker", -1)).hasSize(2);
    }
  }
}
