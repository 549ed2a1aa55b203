package io.vectorstream.local.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClickAnswersTest {
  private static final Instant CLICK = Instant.parse("2026-11-30T09:15:00.250Z");

  private boolean stored;
  private final ClickAnswers answers = new ClickAnswers(CLICK, () -> stored);

  private boolean isSeenIn(String latest, String... results) throws IOException {
    return answers.isSeenIn(
        200,
        "{\"results\":[\"%s\"],\"fresh\":{\"events\":0,\"latest\":%s}}"
            .formatted(String.join("\",\"", results), latest));
  }

  @Test
  void an_answer_that_names_the_click_or_a_later_event_as_fresh_shows_it() throws IOException {
    assertThat(isSeenIn("\"2026-11-30T09:15:00.249Z\"", "a")).isFalse();
    assertThat(isSeenIn("\"2026-11-30T09:15:00.250Z\"", "a")).isTrue();
    assertThat(isSeenIn("\"2026-11-30T09:15:01Z\"", "a")).isTrue();
  }

  @Test
  void other_results_show_a_click_only_when_the_store_has_it() throws IOException {
    assertThat(isSeenIn("null", "a", "b")).isFalse();
    // What is trending has changed.
    assertThat(isSeenIn("null", "b", "a")).isFalse();

    stored = true;

    assertThat(isSeenIn("null", "b", "a")).isFalse();
    assertThat(isSeenIn("null", "c", "a")).isTrue();
  }

  @Test
  void an_error_is_no_change_of_an_answer() throws IOException {
    stored = true;

    assertThat(isSeenIn("null", "a")).isFalse();
    assertThat(answers.isSeenIn(503, "{\"error\":\"the store is away\"}")).isFalse();
    assertThat(answers.isSeenIn(429, "wait")).isFalse();
    assertThat(isSeenIn("null", "a")).isFalse();
  }
}
