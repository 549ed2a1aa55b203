package io.vectorstream.local.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.generator.Catalog;
import io.vectorstream.reports.result.EvaluationResult;
import io.vectorstream.reports.result.EvaluationResult.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final Settings SETTINGS = SettingsLoader.defaults();
  private static final Variant DEFAULTS =
      new Variant(
          SETTINGS.interest().halfLife(),
          SETTINGS.interest().weights(),
          SETTINGS.recommend().popularity(),
          SETTINGS.recommend().diversity());

  private final List<String> progress = new ArrayList<>();

  @Test
  void personal_recommendations_beat_popularity_and_popularity_beats_chance()
      throws InterruptedException, IOException {
    EvaluationResult result = evaluation(shop(150, 10), List.of(DEFAULTS)).run();

    Map<String, Line> lines =
        result.lines().stream().collect(Collectors.toMap(Line::name, line -> line));
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
    assertThat(lines.get("like last viewed").ndcg().mean()).isGreaterThan(random.ndcg().mean());
    assertThat(lines.get("tastes known").hitRate().mean())
        .isGreaterThan(popularity.hitRate().mean());
    assertThat(random.coverage()).isGreaterThan(0.9);

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
    assertThat(progress).contains("simulating the shop", "asking for popularity");
  }

  @Test
  void a_shop_in_which_nobody_comes_back_cannot_be_evaluated() {
    assertThatThrownBy(() -> evaluation(shop(2, 1), List.of(DEFAULTS)).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected more users or sessions");
  }

  @Test
  void the_same_seed_gives_the_same_shop_and_sessions_fill_its_days() {
    SimulatedShop shop = shop(20, 5);

    assertThat(shop.events()).isEqualTo(shop.events());
    assertThat(shop.events().stream().map(event -> event.sessionId()).distinct()).hasSize(100);
    long days =
        (shop.events().get(shop.events().size() - 1).eventTimeMicros()
                - shop.events().get(0).eventTimeMicros())
            / Duration.ofDays(1).toMillis()
            / 1000;
    assertThat(days).isEqualTo(29);
  }

  private static SimulatedShop shop(int users, int sessions) {
    return new SimulatedShop(Catalog.generate(400, 1), users, sessions, Duration.ofDays(30), 5);
  }

  private Evaluation evaluation(SimulatedShop shop, List<Variant> variants) {
    Function<List<String>, Settings> settings =
        given -> SettingsLoader.load(Optional.empty(), Map.of(), given);
    return new Evaluation(shop, "made up", variants, settings, progress::add);
  }
}
