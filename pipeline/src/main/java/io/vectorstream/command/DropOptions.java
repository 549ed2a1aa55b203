package io.vectorstream.command;

import io.vectorstream.migration.ModelMigrations;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** The options of commands that have the vectors of a model deleted; a picocli mixin. */
final class DropOptions {

  private static final long BETWEEN_LOOKS_MS = 250;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long to wait for the pipeline, which deletes them. Default: ${DEFAULT-VALUE}.")
  private int waitSeconds;

  @Option(
      names = "--no-pipeline",
      description =
          "Delete them here, because no pipeline runs on these collections. A pipeline that does run"
              + " is ended.")
  private boolean noPipeline;

  /** Waits until the vectors are deleted; returns the exit status. */
  int await(ModelState decided, ModelMigrations models, String host, PrintWriter out) {
    if (waitSeconds < 0) {
      throw new IllegalArgumentException("--wait is %d, expected 0 or more".formatted(waitSeconds));
    }
    ModelState state =
        noPipeline && decided.phase() == Phase.DROPPING
            ? models.dropWithoutPipeline(host)
            : untilSettled(decided, models);
    out.println(MigrationWatch.told(state));
    if (state.phase() == Phase.DROPPING) {
      out.printf(
          "No pipeline has deleted them within %d s. One that is started next does; with"
              + " --no-pipeline this command does it.%n",
          waitSeconds);
    }
    out.flush();
    return state.phase() == Phase.DROPPING ? 1 : 0;
  }

  private ModelState untilSettled(ModelState decided, ModelMigrations models) {
    ModelState state = decided;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
    while (state.phase() == Phase.DROPPING && System.nanoTime() < end) {
      try {
        TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return state;
      }
      state = models.state().orElse(state);
    }
    return state;
  }
}
