package io.vectorstream.it.rapids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.rapids.ExplainedPlan.Line;
import io.vectorstream.it.rapids.ExplainedPlan.Place;
import io.vectorstream.it.rapids.PlanTable.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operators that the RAPIDS Accelerator would run on a GPU, in the plans of a running
 * pipeline's batches. It explains plans without a GPU; its jar is there with {@code -Prapids}. The
 * table is written to {@code target/rapids}.
 */
@ExtendWith(SharedServices.class)
@EnabledIfSystemProperty(
    named = "rapids.jar",
    matches = ".+",
    disabledReason = "needs the RAPIDS Accelerator's jar of 1 GB: mvn -Prapids")
class RapidsPlanIT {
  private static final int EVENTS = 200;

  @Test
  void all_of_a_batch_from_the_scan_to_the_sorted_partitions_can_run_on_a_gpu(
      Services services, @TempDir Path folder) throws IOException {
    List<ExplainedPlan> plans = explain(services, folder);
    ExplainedPlan scan = last(plans, "MicroBatchScanExec");
    ExplainedPlan batch = last(plans, "RDDScanExec", "SortExec");
    PlanTable table = PlanTable.of(List.of(scan, batch));
    table.write(
        Path.of(System.getProperty("basedir", ""), "target", "rapids"),
        "RAPIDS Accelerator %s with Spark %s, explain only"
            .formatted(System.getProperty("rapids.version"), System.getProperty("spark.version")));

    // The scan's bytes stay in the consumer's memory, and so do the expressions on bytes.
    assertThat(scan.operators())
        .extracting(Line::name, Line::place)
        .containsExactly(tuple("ProjectExec", Place.CPU), tuple("MicroBatchScanExec", Place.CPU));
    assertThat(batch.operators())
        .extracting(Line::name)
        .startsWith("SortExec", "ShuffleExchangeExec", "ProjectExec")
        .endsWith("RDDScanExec");
    assertThat(PlanTable.of(List.of(batch)).entries())
        .filteredOn(entry -> !entry.operator().equals("RDDScanExec"))
        .allSatisfy(entry -> assertThat(entry.place()).as("%s", entry).isEqualTo(Place.GPU))
        .extracting(Entry::expression)
        .contains("JsonToStructs", "RLike", "HashPartitioning", "SortOrder");
  }

  /** Runs the pipeline until it has stored a batch, and returns the plans that were explained. */
  private static List<ExplainedPlan> explain(Services services, Path folder) throws IOException {
    try (Deployment deployment = new Deployment(services, folder, "spark.rapids=explain")) {
      deployment.send(records(deployment));
      String classPath =
          System.getProperty("java.class.path") + ":" + System.getProperty("rapids.jar");
      try (ChildProgram program =
          ChildProgram.withClassPath(folder, classPath, "run", deployment.given())) {
        program.awaitText("batch 0: %,d records".formatted(EVENTS + 1));
        program.awaitText("%,d stored".formatted(EVENTS));
      }
      Path log = folder.resolve("vectorstream.log");
      return ExplainedPlan.read(Files.readAllLines(log));
    }
  }

  private static List<ProducerRecord<byte[], byte[]>> records(Deployment deployment) {
    ObjectNode lamp = Shop.product("lamp", "Lamp", "Of oak", "Home", 12.5);
    List<ProducerRecord<byte[], byte[]>> records =
        new ArrayList<>(
            IntStream.range(0, EVENTS)
                .mapToObj(i -> deployment.record(0, null, Shop.event("view", "u" + i, lamp)))
                .toList());
    byte[] broken = "not json".getBytes(StandardCharsets.UTF_8);
    records.add(new ProducerRecord<>(deployment.settings().kafka().topic(), 0, null, broken));
    return records;
  }

  /** Spark explains a plan several times; with adaptive execution the parts of one, too. */
  private static ExplainedPlan last(List<ExplainedPlan> plans, String... operators) {
    return plans.stream()
        .filter(plan -> Stream.of(operators).allMatch(plan::has))
        .reduce((first, second) -> second)
        .orElseThrow(
            () -> new AssertionError("no plan with " + List.of(operators) + " was explained"));
  }
}
