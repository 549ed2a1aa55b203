package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records as large as Kafka takes by default that are no events, in half of the usual heap. */
@ExtendWith(SharedServices.class)
@Nightly
class LargeDeadLettersIT {
  private static final int RECORDS = 1_000;
  private static final int BYTES = 900_000;

  @Test
  void a_batch_of_large_records_that_are_not_json_needs_no_more_memory_than_a_few_of_them(
      Services services, @TempDir Path folder) throws Exception {
    try (Deployment deployment = new Deployment(services, folder)) {
      String topic = deployment.settings().kafka().topic();
      byte[] value = new byte[BYTES];
      Arrays.fill(value, (byte) 'x');
      for (int sent = 0; sent < RECORDS; sent += 50) {
        deployment.send(Collections.nCopies(50, new ProducerRecord<>(topic, value)));
      }

      try (ChildProgram program =
          ChildProgram.run(folder.resolve("program"), null, deployment.given())) {
        program.await(() -> places(deployment).size() == RECORDS);
      }
      assertThat(places(deployment)).hasSize(RECORDS);
    }
  }

  private static Set<String> places(Deployment deployment) {
    Set<String> places = new HashSet<>();
    deployment.forEachDeadLetter(
        letter -> {
          assertThat(letter.value()).hasSize(BYTES);
          String place =
              new String(letter.headers().lastHeader("partition").value())
                  + ":"
                  + new String(letter.headers().lastHeader("offset").value());
          assertThat(places.add(place)).as(place).isTrue();
        });
    return places;
  }
}
