package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.local.registry.EmbeddedRegistry;
import io.vectorstream.local.registry.EventEncoder;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.registry.RegisteredSchemas;
import io.vectorstream.monitoring.PipelineTotals;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registry that learns a schema after a batch was killed that could not read some of its records.
 */
@ExtendWith(SharedServices.class)
class LateSchemaIT {

  private static final int EVENTS = 20;

  @Test
  void what_a_batch_has_counted_without_it_stays_a_dead_letter_when_it_is_repeated(
      Services services, @TempDir Path folder) throws Exception {
    RegisteredSchemas schemas = new RegisteredSchemas();
    EventEncoder avro = EventEncoder.of(EventFormat.AVRO, schemas);
    List<ObjectNode> good = new ArrayList<>();
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      ObjectNode product = Shop.product("p" + i % 3, "Lamp " + i % 3, "Of oak", "Lighting", 20);
      ObjectNode event = Shop.event("purchase", "user-" + i % 4, product);
      byte[] value = avro.encode(Shop.bytes(event));
      if (i % 4 == 0) {
        // With an id that the registry does not know yet.
        ByteBuffer.wrap(value).putInt(1, 2);
      } else {
        good.add(event);
      }
      values.add(value);
    }
    int late = EVENTS - good.size();

    try (EmbeddedRegistry registry = EmbeddedRegistry.start(0, schemas, Optional.empty());
        Deployment deployment =
            new Deployment(
                services, folder, "kafka.format=auto", "kafka.registry.url=" + registry.url())) {
      String topic = deployment.settings().kafka().topic();
      deployment.send(
          values.stream().map(value -> new ProducerRecord<byte[], byte[]>(topic, value)).toList());
      Path rules = folder.resolve("rules.btm");
      Failpoint.PRODUCTS_MERGED.writeRules(rules, 1);
      try (ChildProgram program = ChildProgram.run(folder, rules, deployment.given())) {
        program.awaitText(Failpoint.REACHED + Failpoint.PRODUCTS_MERGED);
        program.kill();
      }
      assertThat(schemas.register("late", schemas.byId(1).orElseThrow())).isEqualTo(2);

      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(pipeline.awaitRecords(EVENTS))
            .isEqualTo(new PipelineTotals(EVENTS, good.size(), 0, late));
        pipeline.await(() -> deployment.stored().countPending() == 0);
      }

      StoreAssertions.assertSums(deployment, new Recomputation(deployment.settings(), good));
      assertThat(deployment.stored().countEvents()).isEqualTo(good.size());
      assertThat(deployment.deadLetters()).hasSize(late);
    }
  }
}
