package io.vectorstream.local.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.FileSink;
import io.vectorstream.generator.Habits;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.reports.result.EvaluationResult;
import io.vectorstream.reports.result.EvaluationResult.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

  private static final Settings SETTINGS = SettingsLoader.defaults();
  private static final Variant DEFAULTS =
      new Variant(
          SETTINGS.interest().halfLife(),
          SETTINGS.interest().weights(),
          SETTINGS.recommend().popularity(),
          SETTINGS.recommend().diversity(),
          SETTINGS.recommend().pairs());

  private final List<String> progress = new ArrayList<>();

  @Test
  void personal_recommendations_beat_popularity_and_popularity_beats_chance()
      throws InterruptedException, IOException {
    EvaluatedShop shop = shop(150, 10, Habits.NONE).open("made up");
    EvaluationResult result = evaluation(shop, true).run();

    Map<String, Line> lines = lines(result);
    Line personal = lines.get("personal");
    Line popularity = lines.get("popularity");
    Line random = lines.get("random");
    assertThat(personal.hitRate().mean()).isGreaterThan(popularity.hitRate().mean());
    assertThat(personal.ndcg().mean()).isGreaterThan(popularity.ndcg().mean());
    assertThat(personal.hitRateOverPopularity().mean())
        .as("by more than chance explains")
        .isGreaterThan(personal.hitRateOverPopularity().margin());
    assertThat(personal.coverage()).isGreaterThan(popularity.coverage());
    assertThat(popularity.hitRate().mean()).isGreaterThan(2 * random.hitRate().mean());
    assertThat(popularity.ndcg().mean()).isGreaterThan(2 * random.ndcg().mean());
    assertThat(lines.get("trending").hitRate().mean()).isGreaterThan(random.hitRate().mean());
    assertThat(lines.get("like the last").ndcg().mean()).isGreaterThan(random.ndcg().mean());
    assertThat(lines.get("matrix factorisation").hitRate().mean())
        .isGreaterThan(2 * random.hitRate().mean());
    assertThat(lines.get("tastes known").hitRate().mean())
        .isGreaterThan(popularity.hitRate().mean());
    assertThat(random.coverage()).isGreaterThan(0.9);
    assertThat(random.novelty().mean()).isGreaterThan(popularity.novelty().mean());
    assertThat(personal.byKind()).hasSizeBetween(1, 3);
    assertThat(personal.byKind().stream().mapToInt(kind -> kind.users()).sum())
        .isBetween(result.usersAsked() - 3, result.usersAsked());

    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.path("kind").textValue()).isEqualTo("evaluation");
    assertThat(json.path("users_asked").intValue()).isEqualTo(result.usersAsked()).isPositive();
    assertThat(json.at("/lines/0/name").textValue()).isEqualTo("personal");
    assertThat(json.at("/lines/0/variant/weights_in_order").textValue())
        .isEqualTo(DEFAULTS.weightsInOrder());
    assertThat(json.at("/lines/0/hit_rate/mean").doubleValue())
        .isEqualTo(personal.hitRate().mean());
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    new EvaluationTable(new PrintStream(text, true, StandardCharsets.UTF_8)).print(result);
    assertThat(text.toString(StandardCharsets.UTF_8))
        .contains("personal  ", "popularity  ", "random  ", "personal less popularity");
    assertThat(progress).contains("asking for popularity");
  }

  @Test
  void where_texts_say_nothing_behaviour_beats_the_interest_alone() throws InterruptedException {
    EvaluatedShop shop = shop(150, 10, new Habits(0.5, 0.1, 0.05, 1)).open("made up");
    EvaluationResult result = evaluation(shop, false).run();

    Map<String, Line> lines = lines(result);
    assertThat(lines.get("item-kNN").hitRate().mean())
        .isGreaterThan(2 * lines.get("interest alone").hitRate().mean());
    assertThat(lines.get("item-kNN").ndcg().mean())
        .isGreaterThan(2 * lines.get("interest alone").ndcg().mean());
  }

  @Test
  void a_log_is_evaluated_without_anything_that_only_a_simulation_knows(@TempDir Path folder)
      throws InterruptedException, IOException {
    Path file = folder.resolve("log.jsonl");
    try (FileSink sink = new FileSink(file)) {
      EventStream stream =
          new EventStream(
              Catalog.generate(100, 1),
              ShopperSettings.defaults().withUsers(60).withConcurrentSessions(2),
              3);
      for (int i = 0; i < 2_000; i++) {
        sink.send(stream.next(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(60L * i)));
      }
    }
    EventLog log = EventLog.read(List.of(file), SETTINGS.kafka());
    Evaluation.Method method =
        new Evaluation.Method(HoldOut.parse("2026-01-02T00:00:00Z"), 5, 30, false, 1);

    EvaluationResult result = evaluation(EvaluatedShop.of(log), method).run();

    assertThat(result.usersAsked()).isEqualTo(30);
    assertThat(result.eventsLearntFrom()).isEqualTo(1_440);
    assertThat(result.listLength()).isEqualTo(5);
    assertThat(result.simulated()).isFalse();
    assertThat(lines(result)).doesNotContainKey("tastes known").containsKey("item-kNN");
    assertThat(lines(result).get("popularity").novelty().mean()).isPositive();
  }

  @Test
  void a_shop_in_which_nobody_comes_back_cannot_be_evaluated() {
    assertThatThrownBy(() -> evaluation(shop(2, 1, Habits.NONE).open("made up"), true).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected two users or more");
  }

  @Test
  void the_same_seed_gives_the_same_shop_and_sessions_fill_its_days() {
    SimulatedShop shop = shop(20, 5, new Habits(0.3, 0.3, 0.3, 0.3));

    EvaluatedShop open = shop.open("made up");

    assertThat(open.events()).isEqualTo(shop.open("made up").events());
    assertThat(open.events().stream().map(event -> event.sessionId()).distinct()).hasSize(100);
    assertThat(open.sessionsPerUser()).isEqualTo(5);
    assertThat(open.days()).isBetween(29.0, 30.0);
  }

  private static Map<String, Line> lines(EvaluationResult result) {
    return result.lines().stream().collect(Collectors.toMap(Line::name, line -> line));
  }

  private static SimulatedShop shop(int users, int sessions, Habits habits) {
    return new SimulatedShop(
        Catalog.generate(400, 1), users, sessions, Duration.ofDays(30), habits, 5);
  }

  private Evaluation evaluation(EvaluatedShop shop, boolean seenAgain) {
    return evaluation(
        shop, new Evaluation.Method(new HoldOut.LastSession(), 10, 2_000, seenAgain, 5));
  }

  private Evaluation evaluation(EvaluatedShop shop, Evaluation.Method method) {
    Function<List<String>, Settings> settings =
        given -> SettingsLoader.load(Optional.empty(), Map.of(), given);
    return new Evaluation(shop, method, List.of(DEFAULTS), settings, progress::add);
  }
}
