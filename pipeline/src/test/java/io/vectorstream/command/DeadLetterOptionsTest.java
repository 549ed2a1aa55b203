package io.vectorstream.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class DeadLetterOptionsTest {

  @Command
  private static final class Filtered {
    @Mixin private DeadLetterOptions options;
  }

  private static DeadLetterFilter filter(String... arguments) {
    Filtered command = new Filtered();
    new CommandLine(command).parseArgs(arguments);
    return command.options.filter();
  }

  @Test
  void without_options_everything_matches() {
    assertThat(filter()).isEqualTo(DeadLetterFilter.ALL);
  }

  @Test
  void reasons_are_given_by_their_codes_with_commas_or_again() {
    assertThat(filter("--reason", "not_json,empty", "--reason", "wrong_type").reasons())
        .containsExactlyInAnyOrder(Reason.NOT_JSON, Reason.EMPTY, Reason.WRONG_TYPE);
  }

  @Test
  void another_reason_is_answered_with_all_there_are() {
    assertThatThrownBy(() -> filter("--reason", "rude"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("'rude' is not a reason; expected one of empty, invalid_utf8")
        .hasMessageContaining("invalid_price");
  }

  @Test
  void times_are_moments_or_durations_back_from_now() {
    DeadLetterFilter filter = filter("--since", "2h", "--until", "2100-01-31T10:00:00+02:00");
    assertThat(filter.since().orElseThrow())
        .isCloseTo(Instant.now().minus(2, ChronoUnit.HOURS), within(1, ChronoUnit.MINUTES));
    assertThat(filter.until()).contains(Instant.parse("2100-01-31T08:00:00Z"));
  }

  @Test
  void partition_and_offsets_are_taken_as_given() {
    DeadLetterFilter filter = filter("--partition", "2", "--from-offset", "7", "--to-offset", "7");
    assertThat(filter.partition()).isEqualTo(OptionalInt.of(2));
    assertThat(filter.fromOffset()).isEqualTo(OptionalLong.of(7));
    assertThat(filter.toOffset()).isEqualTo(OptionalLong.of(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--since yesterday             | 'yesterday' is no time; expected ISO-8601 with an offset",
        "--since 2026-01-31T10:00:00   | is no time",
        "--until 5                     | '5' is no time",
        "--since 1h --until 2h         | is not before --until",
        "--partition -1                | --partition is -1, expected 0 or more",
        "--from-offset 9 --to-offset 8 | --from-offset 9 is after --to-offset 8"
      })
  void what_cannot_match_is_refused(String arguments, String expected) {
    assertThatThrownBy(() -> filter(arguments.split(" "))).hasMessageContaining(expected);
  }
}
