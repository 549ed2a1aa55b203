package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterFilterTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private static final Map<String, String> HEADERS =
      Map.of(
          "reason", "not_json",
          "detail", "the value is not a JSON object",
          "topic", "clicks",
          "partition", "3",
          "offset", "17",
          "timestamp", "2026-01-31T11:59:00Z",
          "failed_at", NOON.toString());

  private static StoredDeadLetter letter(Map<String, String> headers) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("clicks-dead-letter", 1, 5, null, new byte[] {(byte) 0xff});
    headers.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return StoredDeadLetter.of(record);
  }

  private static DeadLetterFilter reasons(Reason... reasons) {
    return new DeadLetterFilter(
        Set.of(reasons),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static DeadLetterFilter times(Instant since, Instant until) {
    return new DeadLetterFilter(
        Set.of(),
        Optional.ofNullable(since),
        Optional.ofNullable(until),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static DeadLetterFilter place(int partition, long from, long to) {
    return new DeadLetterFilter(
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.of(partition),
        OptionalLong.of(from),
        OptionalLong.of(to));
  }

  @Test
  void the_headers_are_read() {
    StoredDeadLetter letter = letter(HEADERS);
    assertThat(letter.id()).isEqualTo(new DeadLetterId(1, 5));
    assertThat(letter.reason()).isEqualTo("not_json");
    assertThat(letter.detail()).isEqualTo("the value is not a JSON object");
    assertThat(letter.topic()).isEqualTo("clicks");
    assertThat(letter.partition()).isEqualTo(3);
    assertThat(letter.offset()).isEqualTo(17);
    assertThat(letter.timestamp()).isEqualTo(NOON.minusSeconds(60));
    assertThat(letter.failedAt()).isEqualTo(NOON);
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).containsExactly(0xff);
  }

  @Test
  void a_record_with_no_or_illegible_headers_matches_only_what_does_not_ask_for_them() {
    StoredDeadLetter letter = letter(Map.of("partition", "three", "failed_at", "noon"));
    assertThat(letter.reason()).isEqualTo("unknown");
    assertThat(letter.partition()).isNull();
    assertThat(letter.failedAt()).isEqualTo(Instant.ofEpochMilli(-1));

    assertThat(DeadLetterFilter.ALL.matches(letter)).isTrue();
    assertThat(reasons(Reason.values()).matches(letter)).isFalse();
    assertThat(place(3, 0, Long.MAX_VALUE).matches(letter)).isFalse();
  }

  @Test
  void any_of_the_reasons_matches() {
    assertThat(reasons(Reason.NOT_JSON, Reason.EMPTY).matches(letter(HEADERS))).isTrue();
    assertThat(reasons(Reason.EMPTY).matches(letter(HEADERS))).isFalse();
  }

  @Test
  void since_is_the_first_moment_that_matches_and_until_the_first_that_does_not() {
    StoredDeadLetter letter = letter(HEADERS);
    assertThat(times(NOON, null).matches(letter)).isTrue();
    assertThat(times(NOON.plusNanos(1), null).matches(letter)).isFalse();
    assertThat(times(null, NOON).matches(letter)).isFalse();
    assertThat(times(null, NOON.plusNanos(1)).matches(letter)).isTrue();
    assertThat(times(NOON, NOON.plusNanos(1)).matches(letter)).isTrue();
  }

  @Test
  void partition_and_offsets_are_those_of_the_record_and_not_of_the_dead_letter() {
    StoredDeadLetter letter = letter(HEADERS);
    assertThat(place(3, 17, 17).matches(letter)).isTrue();
    assertThat(place(1, 0, 100).matches(letter)).isFalse();
    assertThat(place(3, 0, 16).matches(letter)).isFalse();
    assertThat(place(3, 18, 20).matches(letter)).isFalse();
  }

  @Test
  void an_id_is_written_and_read_in_the_same_way() {
    DeadLetterId id = new DeadLetterId(12, 3_000_000_000L);
    assertThat(id).hasToString("12:3000000000");
    assertThat(DeadLetterId.parse(id.toString())).isEqualTo(id);
  }
}
