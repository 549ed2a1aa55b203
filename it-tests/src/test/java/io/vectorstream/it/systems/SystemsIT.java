package io.vectorstream.it.systems;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.it.Nightly;
import io.vectorstream.local.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Systems under test: those with a fault made for it are found out, and those that ship are not.
 */
class SystemsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private int status;

  private JsonNode measure(String... arguments) throws IOException {
    Path result = folder.resolve("systems.json");
    List<String> all =
        new ArrayList<>(
            List.of(
                "validate",
                "--data=" + folder.resolve("data"),
                "--report=" + folder.resolve("report.html"),
                "--json=" + result,
                "--trigger=250ms",
                "--products=50",
                "--users=100",
                "--seed=1"));
    all.addAll(List.of(arguments));
    status = Main.commandLine().execute(all.toArray(String[]::new));
    return JSON.readTree(result.toFile());
  }

  private String faulty(FaultySystem.Fault fault) throws IOException {
    String name = fault.name().toLowerCase(Locale.ROOT);
    Path file = folder.resolve(name + ".yaml");
    Files.writeString(
        file,
        """
        name: %s
        start:
          - ${java}
          - -Xmx256m
          - io.vectorstream.it.systems.FaultySystem
          - %s
          - kafka.bootstrap_servers=${kafka}
          - kafka.topic=${topic}
          - qdrant.host=${qdrant.host}
          - qdrant.port=${qdrant.port}
          - qdrant.collections.events=${run}-events
        ready:
          text: Ready
        collections:
          - name: ${run}-events
            keywords: [event_id]
        points:
          collection: ${run}-events
          event_id: event_id
          fields: {event_type: event_type, product.price: product.price}
        acknowledged:
          consumer_group: ${topic}-faulty
        promise: once
        settled_after: 20s
        """
            .formatted(name.replace('_', '-'), name));
    return "--system=" + file;
  }

  private static JsonNode run(JsonNode result, String system) {
    for (JsonNode run : result.path("runs")) {
      if (run.path("system").asText().equals(system)) {
        return run;
      }
    }
    throw new AssertionError(system + " is missing in " + result);
  }

  private static List<String> broken(JsonNode run) {
    List<String> broken = new ArrayList<>();
    for (JsonNode target : run.path("targets")) {
      if (!target.path("met").asBoolean()) {
        broken.add(target.path("name").asText());
      }
    }
    return broken;
  }

  @Test
  void each_fault_is_found_out_and_none_is_found_where_there_is_none() throws IOException {
    JsonNode result =
        measure(
            faulty(FaultySystem.Fault.NONE),
            faulty(FaultySystem.Fault.LOSES),
            faulty(FaultySystem.Fault.DOUBLES),
            faulty(FaultySystem.Fault.ANSWERS_EARLY),
            "--rate=4000",
            "--duration=6s");

    assertThat(status).isEqualTo(1);
    assertThat(result.path("complete").asBoolean()).isTrue();
    assertThat(result.path("runs"))
        .hasSize(4)
        .allSatisfy(run -> assertThat(run.at("/events/valid").asLong()).isGreaterThan(10_000));

    JsonNode right = run(result, "none");
    assertThat(broken(right)).isEmpty();
    assertThat(right.at("/events/lost").asLong()).isZero();
    assertThat(right.at("/searchable/unseen").asLong()).isZero();
    assertThat(right.at("/searchable/watched").asLong()).isPositive();

    JsonNode loses = run(result, "loses");
    assertThat(broken(loses)).contains("none lost").doesNotContain("none doubled");
    assertThat(loses.at("/events/lost").asLong()).isBetween(1L, 4L);
    assertThat(loses.at("/events/lost_ids").size()).isEqualTo(loses.at("/events/lost").asInt());

    JsonNode doubles = run(result, "doubles");
    assertThat(broken(doubles)).containsExactly("none doubled");
    assertThat(doubles.at("/events/doubled").asLong()).isBetween(1L, 4L);

    JsonNode early = run(result, "answers-early");
    assertThat(broken(early)).containsExactly("none early");
    assertThat(early.at("/events/early").asLong()).isPositive();
    assertThat(folder.resolve("report.html"))
        .content()
        .contains("<section id=\"systems\"", "✗ broken", "none doubled");
  }

  @Nightly
  @Test
  void a_kill_costs_a_right_system_time_and_the_one_that_answers_early_events() throws IOException {
    JsonNode result =
        measure(
            faulty(FaultySystem.Fault.NONE),
            faulty(FaultySystem.Fault.ANSWERS_EARLY),
            "--rate=500",
            "--duration=20s",
            "--kill-after=6s");

    JsonNode right = run(result, "none");
    assertThat(broken(right)).isEmpty();
    assertThat(right.at("/faults/0/what").asText()).isEqualTo("kill of system");
    assertThat(right.at("/faults/0/at_s").asDouble()).isGreaterThanOrEqualTo(6);
    assertThat(right.at("/faults/0/duration_s").asDouble()).isZero();
    JsonNode early = run(result, "answers-early");
    assertThat(early.at("/events/lost").asLong()).isPositive();
    assertThat(broken(early)).contains("none lost");
  }

  @Nightly
  @Test
  void a_load_in_phases_breaks_each_part_and_says_how_long_each_recovery_took() throws IOException {
    Path workload = folder.resolve("phases.yaml");
    Files.writeString(
        workload,
        """
        name: phases
        late: 0
        phases:
          - {name: ramp, duration: 3s, ramp_from: 50, rate: 200}
          - {name: steady, duration: 4s, rate: 200, p99: 60m, lost: 0}
          - name: broken
            duration: 24s
            rate: 200
            lost: 0
            recovered_within: 1ms
            faults:
              - {what: outage, of: store, at: 0s, duration: 2s}
              - {what: pause, of: kafka, at: 5s, duration: 1s}
              - {what: pause, of: system, at: 9s, duration: 1s}
              - {what: kill, of: system, at: 13s}
          - {name: silence, duration: 2s, rate: 0}
          - {name: flood, duration: 3s, rate: 300, new_products: 1, random_faults: 1}
        """);

    JsonNode result = measure(faulty(FaultySystem.Fault.NONE), "--workload=" + workload);

    JsonNode run = run(result, "none");
    assertThat(run.path("faults").findValuesAsText("what"))
        .hasSize(5)
        .startsWith("outage of store", "pause of kafka", "pause of system", "kill of system");
    assertThat(run.path("faults").findValuesAsText("phase").get(4)).isEqualTo("flood");
    assertThat(run.path("phases").findValuesAsText("name"))
        .containsExactly("ramp", "steady", "broken", "silence", "flood");
    assertThat(run.at("/phases/2/searchable/watched").asLong()).isGreaterThan(100);
    assertThat(run.at("/phases/3/valid").asLong()).isLessThan(20);
    assertThat(run.at("/events/lost").asLong()).isZero();
    // An outage of two seconds is not over after a millisecond.
    assertThat(broken(run)).contains("broken: recovered, outage of store");
    assertThat(broken(run)).doesNotContain("steady: lost", "steady: p99", "broken: lost");
    assertThat(folder.resolve("report.html")).content().contains("Phases of the load");
  }

  @Nightly
  @Test
  void the_pipeline_keeps_its_promises_through_a_kill_and_the_naive_way_gives_none()
      throws IOException {
    JsonNode result =
        measure(
            "--system=../systems/naive.yaml",
            "--system=../systems/vectorstream.yaml",
            "--rate=100",
            "--duration=15s",
            "--kill-after=7s");

    JsonNode pipeline = run(result, "vectorstream");
    assertThat(broken(pipeline)).isEmpty();
    assertThat(pipeline.path("not_promised")).isEmpty();
    assertThat(pipeline.at("/sums/checked").asLong()).isGreaterThan(100);
    assertThat(pipeline.at("/recall").asDouble()).isEqualTo(1);
    JsonNode naive = run(result, "naive");
    assertThat(naive.path("not_promised"))
        .extracting(JsonNode::asText)
        .contains("none lost", "none doubled", "sums right");
    assertThat(naive.at("/events/stored").asLong()).isPositive();
    assertThat(naive.at("/events/doubled").asLong()).isPositive();
    assertThat(status).isZero();
  }
}
