package io.vectorstream.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.local.Main;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.PipelineTotals;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records with several events each, which a mapping takes apart. */
@ExtendWith(SharedServices.class)
class MappedRecordsIT {

  private static final int PRODUCTS = 60;

  @Test
  void each_event_is_counted_once_and_each_broken_record_is_one_dead_letter(
      Services services, @TempDir Path folder) throws JsonProcessingException {
    try (Deployment deployment = new Deployment(services, folder, MappedRecords.mapping(folder))) {
      MappedRecords records = new MappedRecords(3, PRODUCTS);
      records.send(deployment, 400);
      try (RunningPipeline pipeline = deployment.start()) {
        PipelineTotals totals = pipeline.awaitRecords(records.sent());

        assertThat(totals)
            .isEqualTo(
                new PipelineTotals(
                    records.sent(),
                    records.valid().size(),
                    records.duplicates(),
                    records.broken()));
        assertThat(pipeline.batches().stream().mapToLong(BatchReport::skipped).sum())
            .isEqualTo(records.skipped());
        assertExact(deployment, records);
        assertDryRun(deployment, records);

        int replayed = replay(deployment);
        assertThat(replayed).isEqualTo(records.broken());
        PipelineTotals after = pipeline.awaitRecords(records.sent() + replayed);
        assertThat(after.stored()).as("nothing is new").isEqualTo(totals.stored());
        assertThat(after.deadLettered()).isEqualTo(2 * records.broken());
        assertThat(after.duplicates()).isGreaterThan(totals.duplicates());
      }
      assertSums(deployment, records);
    }
  }

  /** Checks that a look at the topic tells the same as the pipeline. */
  private static void assertDryRun(Deployment deployment, MappedRecords records)
      throws JsonProcessingException {
    StringWriter out = new StringWriter();
    List<String> arguments =
        new ArrayList<>(
            List.of("map", "--json", "--dry-run", deployment.settings().kafka().topic()));
    deployment.given().forEach(setting -> arguments.addAll(List.of("--set", setting)));
    int status =
        Main.commandLine().setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new));
    assertThat(status).isZero();
    JsonNode told = new ObjectMapper().readTree(out.toString());
    assertThat(told.path("records").asInt()).isEqualTo(records.sent());
    assertThat(told.path("events").asInt())
        .isEqualTo(records.valid().size() + records.duplicates());
    assertThat(told.path("skipped").asInt()).isEqualTo(records.skipped());
    assertThat(told.at("/dead_letters/invalid_timestamp").asInt()).isEqualTo(records.broken());
  }

  /** Replays all dead letters; what was good in their records counts as a duplicate. */
  private static int replay(Deployment deployment) {
    var kafka = deployment.settings().kafka();
    try (DeadLetterTopic letters = DeadLetterTopic.open(kafka);
        DeadLetterReplay replay = DeadLetterReplay.open(kafka, letters, kafka.topic())) {
      return Math.toIntExact(replay.run(DeadLetterFilter.ALL, false, count -> {}));
    }
  }

  @Nightly
  @Test
  void whenever_it_is_killed_every_event_of_a_record_is_counted_once(
      Services services, @TempDir Path folder) throws Exception {
    long seed = Tally.seed("MappedRecordsIT");
    try (Deployment deployment = new Deployment(services, folder, MappedRecords.mapping(folder))) {
      MappedRecords records = new MappedRecords(seed, PRODUCTS);
      for (Failpoint failpoint :
          List.of(Failpoint.BETWEEN_TWO_UPSERTS, Failpoint.PRODUCTS_PARTLY_MERGED)) {
        records.send(deployment, 150);
        Path rules = folder.resolve("rules.btm");
        failpoint.writeRules(rules, 1);
        List<String> settings = new ArrayList<>(deployment.given());
        settings.addAll(KillIT.SMALL_CALLS);
        try (ChildProgram program = ChildProgram.run(folder, rules, settings)) {
          program.awaitText(KillIT.READING);
          assertThat(program.saysWithin(Deployment.PATIENCE, Failpoint.REACHED + failpoint))
              .isTrue();
          program.kill();
          Tally.done("kill of mapped records at " + failpoint, 1);
        }
      }
      KillIT.finish(
          deployment, folder, deployment.given(), records.valid().size(), records.broken());
      assertExact(deployment, records);
    }
  }

  private static void assertExact(Deployment deployment, MappedRecords records) {
    assertThat(deployment.stored().countEvents()).isEqualTo(records.valid().size());
    assertThat(deployment.deadLetters()).hasSize(records.broken());
    assertSums(deployment, records);
  }

  private static void assertSums(Deployment deployment, MappedRecords records) {
    StoreAssertions.assertSumsWithout(
        deployment,
        new Recomputation(deployment.settings(), records.valid(), deployment.stored().takenAt()),
        Set.of());
  }
}
