package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.monitoring.EmbeddingBacklog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class EmbeddingPaceTest {

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration TURN = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofSeconds(1);

  private Instant now = Instant.parse("2026-01-15T10:00:00Z");
  private final EmbeddingPace pace =
      new EmbeddingPace(
          LONGEST,
          TURN,
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              throw new UnsupportedOperationException();
            }
          });

  @Test
  void a_flood_that_is_embedded_in_time_holds_up_no_batch() {
    pace.embedded(100, STEP);
    pace.sawProducts(500, 500);
    pace.counted(20_000, 0);

    assertThat(pace.backlog().toEmbed()).isEqualTo(Duration.ofSeconds(200));
    assertThat(pace.turn()).isZero();
  }

  @Test
  void embedding_gets_turns_from_too_much_on_until_half_of_it_is_done() {
    pace.embedded(100, STEP);
    pace.sawProducts(10, 80);
    pace.sawUsers(10, 10);

    pace.counted(7_000, 5_000);
    assertThat(pace.turn()).as("610 s of work").isEqualTo(TURN);
    pace.counted(7_000, 0);
    assertThat(pace.turn()).as("560 s of work").isEqualTo(TURN);
    pace.counted(3_700, 0);
    assertThat(pace.turn()).as("296 s of work").isZero();
    pace.counted(7_000, 0);
    assertThat(pace.turn()).as("560 s of work again").isZero();
    pace.counted(8_000, 0);
    assertThat(pace.turn()).as("640 s of work").isEqualTo(TURN);
  }

  @Test
  void as_long_as_nothing_was_embedded_nothing_is_too_much() {
    pace.counted(1_000_000, 1_000_000);

    assertThat(pace.turn()).isZero();
    assertThat(pace.backlog())
        .isEqualTo(new EmbeddingBacklog(1_000_000, 1_000_000, Duration.ZERO, Duration.ZERO));
  }

  @Test
  void what_waits_is_as_old_as_the_last_time_that_nothing_waited() {
    pace.counted(3, 0);
    now = now.plusSeconds(60);
    pace.counted(0, 5);
    assertThat(pace.backlog().waiting()).isEqualTo(Duration.ofSeconds(60));

    pace.counted(0, 0);
    now = now.plusSeconds(60);
    assertThat(pace.backlog()).isEqualTo(EmbeddingBacklog.NONE);
    pace.counted(1, 0);
    now = now.plusSeconds(5);
    assertThat(pace.backlog().waiting()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void a_step_takes_on_what_it_has_time_for() {
    assertThat(pace.productsAtOnce(STEP)).isEqualTo(EmbeddingPace.FEWEST);

    pace.embedded(300, STEP);
    pace.sawProducts(10, 80);
    pace.sawUsers(10, 10);
    assertThat(pace.productsAtOnce(STEP)).isEqualTo(75);
    assertThat(pace.usersAtOnce(STEP)).isEqualTo(EmbeddingPace.MOST);
  }
}
