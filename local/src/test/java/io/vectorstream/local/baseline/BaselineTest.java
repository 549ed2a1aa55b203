package io.vectorstream.local.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.config.Settings.Precision;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.reports.result.Ladder;
import io.vectorstream.store.PointVectors;
import io.vectorstream.store.VectorStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class BaselineTest {

  private static final Function<List<String>, Settings> SETTINGS =
      given -> SettingsLoader.load(Optional.empty(), Map.of(), given);

  private final List<String> progress = new ArrayList<>();

  @Test
  void every_step_stores_the_same_points() throws InterruptedException {
    List<byte[]> records = Records.generate(60);
    Map<String, RetrievedPoint> expected = null;
    try (TemporaryVectorStore server = TemporaryVectorStore.start("baseline-test");
        Models models = new Models()) {
      int number = 0;
      for (BaselineStep step : BaselineStep.LADDER) {
        try (StepRun run = new StepRun(step, SETTINGS, server.settings(), ++number, models)) {
          run.startOver();
          run.store(records);

          Map<String, RetrievedPoint> stored = points(run.settings().qdrant());
          expected = expected == null ? stored : expected;
          assertThat(stored).as(step.name()).hasSize(60).containsOnlyKeys(expected.keySet());
          for (Map.Entry<String, RetrievedPoint> point : stored.entrySet()) {
            RetrievedPoint first = expected.get(point.getKey());
            assertThat(payload(point.getValue())).as(step.name()).isEqualTo(payload(first));
            double cosine = dot(PointVectors.of(point.getValue()), PointVectors.of(first));
            assertThat(cosine)
                .as(step.name())
                .isCloseTo(1, within(step.precision() == Precision.INT8 ? 0.02 : 1e-5));
          }
          run.startOver();
          assertThat(points(run.settings().qdrant())).as("left of the round before").isEmpty();
        }
      }
    }
  }

  @Test
  void the_result_has_a_figure_for_each_step_and_round() throws Exception {
    Ladder result = new Baseline(20, 2, SETTINGS, progress::add).run();

    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "schema", "kind", "started_at", "finished_at", "environment", "events", "steps");
    assertThat(json.path("schema").intValue()).isEqualTo(1);
    assertThat(json.path("kind").textValue()).isEqualTo("baseline");
    assertThat(Instant.parse(json.path("finished_at").textValue()))
        .isAfter(Instant.parse(json.path("started_at").textValue()));
    assertThat(json.at("/environment/embedding/precision").textValue()).isEqualTo("fp32");
    assertThat(json.at("/environment/services").textValue()).isEqualTo("embedded");
    assertThat(json.at("/environment/spark").textValue()).isNotEmpty();
    assertThat(json.path("events").intValue()).isEqualTo(20);
    assertThat(json.path("steps")).hasSize(BaselineStep.LADDER.size());
    JsonNode first = json.at("/steps/0");
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly(
            "name", "what", "events_per_second", "ratio_to_first", "ratio_to_previous");
    assertThat(first.path("name").textValue()).isEqualTo("one by one");
    assertThat(first.path("ratio_to_first").doubleValue()).isEqualTo(1);
    assertThat(first.path("ratio_to_previous").doubleValue()).isEqualTo(1);
    for (JsonNode step : json.path("steps")) {
      JsonNode speed = step.path("events_per_second");
      assertThat(speed.path("iterations")).hasSize(2);
      double one = speed.at("/iterations/0").doubleValue();
      double other = speed.at("/iterations/1").doubleValue();
      assertThat(speed.path("lowest").doubleValue()).isEqualTo(Math.min(one, other)).isPositive();
      assertThat(speed.path("highest").doubleValue()).isEqualTo(Math.max(one, other));
      assertThat(speed.path("median").doubleValue()).isCloseTo((one + other) / 2, within(0.11));
    }
    assertThat(progress).contains("warming up: one by one", "round 2 of 2: + all cores");

    ByteArrayOutputStream text = new ByteArrayOutputStream();
    new BaselineTable(new PrintStream(text, true, StandardCharsets.UTF_8)).print(result);
    assertThat(text.toString(StandardCharsets.UTF_8))
        .contains("20 events, 2 rounds", "one by one  ", "+ int8  ", "#");
  }

  @Test
  void an_interrupted_thread_measures_no_more() {
    Consumer<String> interrupting =
        stage -> {
          progress.add(stage);
          if (stage.equals("warming up: + batches")) {
            Thread.currentThread().interrupt();
          }
        };

    assertThatThrownBy(() -> new Baseline(20, 1, SETTINGS, interrupting).run())
        .isInstanceOf(InterruptedException.class);
    assertThat(progress).last().isEqualTo("warming up: + batches");
  }

  private static Map<String, RetrievedPoint> points(Settings.Qdrant settings) {
    try (VectorStore store = VectorStore.connect(settings)) {
      ScrollPoints all =
          ScrollPoints.newBuilder()
              .setCollectionName(settings.collections().events())
              .setLimit(1000)
              .setWithPayload(WithPayloadSelectorFactory.enable(true))
              .setWithVectors(WithVectorsSelectorFactory.enable(true))
              .build();
      Map<String, RetrievedPoint> points = new HashMap<>();
      store
          .ask(client -> client.scrollAsync(all))
          .getResultList()
          .forEach(point -> points.put(point.getId().getUuid(), point));
      return points;
    }
  }

  /** Returns all of it except the time at which it was written. */
  private static Map<String, Value> payload(RetrievedPoint point) {
    Map<String, Value> payload = new HashMap<>(point.getPayloadMap());
    assertThat(payload.remove("stored_at")).isNotNull();
    return payload;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
