package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "0000-01-01T00:00:00Z",
        "0001-02-03T04:05:06.007Z",
        "2000-02-29T12:00:00.000001Z",
        "2024-02-29T23:59:59.100Z",
        "2099-12-31T00:00:00.100200Z",
        "9999-12-31T23:59:59.999999Z",
        "+10000-01-01T00:00:00Z",
        "-0001-12-31T23:59:59Z",
      })
  void a_time_is_written_and_read_as_instants_are(String iso) {
    assertThat(Times.micros(iso)).isEqualTo(micros(Instant.parse(iso)));
    assertThat(Times.iso(micros(Instant.parse(iso)))).isEqualTo(iso);
  }

  @Test
  void any_time_is_written_and_read_as_instants_are() {
    Random random = new Random(16);
    for (int i = 0; i < 100_000; i++) {
      long scale = 1_000_000L * 60 * 60 * 24 * 366 * (1 + random.nextInt(3_000));
      long micros = random.nextLong() % scale / (i % 3 == 0 ? 1 : i % 3 == 1 ? 1000 : 1_000_000);
      Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);

      assertThat(Times.iso(micros)).isEqualTo(instant.toString());
      assertThat(Times.micros(instant.toString())).isEqualTo(micros);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-15T10:30:00.5Z",
        "2024-01-15T10:30:00.12Z",
        "2024-01-15T10:30:00.123456789Z",
        "2024-01-15T24:00:00Z",
        "2024-01-15t10:30:00z",
        "2024-01-15T10:30:00+02:00",
      })
  void what_others_have_written_is_read_as_instants_are(String iso) {
    assertThat(Times.micros(iso)).isEqualTo(micros(Instant.parse(iso)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2023-02-29T10:30:00Z",
        "2024-13-01T10:30:00Z",
        "2024-01-15T25:00:00Z",
        "2024-01-15T10:60:00Z",
        "2024-01-15 10:30:00Z",
        "2024-01-15T10:30:00",
      })
  void what_is_no_time_is_refused(String iso) {
    assertThatThrownBy(() -> Times.micros(iso)).isInstanceOf(DateTimeException.class);
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
  }
}
