package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.monitoring.BatchReport;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
@Nightly
class BacklogIT {

  private static final int LARGEST = 1_000;
  private static final int OLD = 4_200;
  private static final int FRESH = 60;
  private static final ObjectNode SOAP =
      Shop.product("soap", "Olive soap", "A bar of soap", "Bath", 4);

  @Test
  void a_backlog_is_worked_off_in_batches_and_fresh_events_elsewhere_do_not_wait_for_it(
      Services services, @TempDir Path folder) {
    try (Deployment deployment =
        new Deployment(
            services, folder, "stream.max_events_per_batch=" + LARGEST, "stream.batch_time=10m")) {
      deployment.send(records(deployment, 0, "old", OLD));
      deployment.send(records(deployment, 1, "fresh", FRESH));

      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.await(() -> !pipeline.batches().isEmpty());
        assertThat(deployment.stored().users().get("fresh").counts())
            .as("events of the short partition, after the first batch")
            .containsEntry("view", (long) FRESH);
        pipeline.awaitRecords(OLD + FRESH);

        assertThat(pipeline.batches())
            .extracting(BatchReport::records)
            .containsExactly(1_000L, 1_000L, 1_000L, 1_000L, 260L);
        assertThat(pipeline.batches())
            .extracting(BatchReport::waiting)
            .containsExactly(3_260L, 2_260L, 1_260L, 260L, 0L);
      }
      assertThat(deployment.stored().events().values()).extracting(Point::id).hasSize(OLD + FRESH);
    }
  }

  private static List<ProducerRecord<byte[], byte[]>> records(
      Deployment deployment, int partition, String user, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> deployment.record(partition, user.getBytes(UTF_8), Shop.event("view", user, SOAP)))
        .toList();
  }
}
