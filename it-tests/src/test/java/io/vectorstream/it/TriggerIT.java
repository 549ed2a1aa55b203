package io.vectorstream.it;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.monitoring.BatchReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
class TriggerIT {
  private static final Duration TRIGGER = Duration.ofSeconds(5);

  @Test
  void batches_start_one_trigger_apart(Services services, @TempDir Path folder) {
    ObjectNode clock = Shop.product("clock", "Wall clock", "", "Home", 25);
    try (Deployment deployment = new Deployment(services, folder, "stream.trigger=5s");
        RunningPipeline pipeline = deployment.start()) {
      ScheduledExecutorService visitor = Executors.newSingleThreadScheduledExecutor();
      try {
        visitor.scheduleAtFixedRate(
            () -> deployment.send(Shop.event("view", "visitor", clock)), 0, 500, MILLISECONDS);
        pipeline.await(() -> onTheBeat(pipeline.batches()).isPresent());
      } finally {
        visitor.shutdownNow();
      }

      List<BatchReport> batches = onTheBeat(pipeline.batches()).orElseThrow();
      assertThat(batches).allSatisfy(batch -> assertThat(batch.records()).isPositive());
      for (int i = 1; i < batches.size(); i++) {
        BatchReport before = batches.get(i - 1);
        BatchReport batch = batches.get(i);
        assertThat(batch.id()).isEqualTo(before.id() + 1);
        assertThat(Duration.between(before.startedAt(), batch.startedAt()).toMillis())
            .isCloseTo(TRIGGER.toMillis(), within(1_000L));
      }
    }
  }

  /**
   * Returns the first three batches in a row that have to start at triggers. The first trigger
   * fires at once, at any time, and so does one that was delayed by the batch before it; after two
   * short batches the next one waits for its trigger.
   */
  private static Optional<List<BatchReport>> onTheBeat(List<BatchReport> batches) {
    return IntStream.range(2, batches.size() - 2)
        .filter(i -> takesAtMost(TRIGGER.dividedBy(2), batches.subList(i - 2, i)))
        .filter(i -> takesAtMost(TRIGGER, batches.subList(i, i + 2)))
        .mapToObj(i -> batches.subList(i, i + 3))
        .findFirst();
  }

  private static boolean takesAtMost(Duration time, List<BatchReport> batches) {
    return batches.stream().allMatch(batch -> batch.duration().compareTo(time) <= 0);
  }
}
