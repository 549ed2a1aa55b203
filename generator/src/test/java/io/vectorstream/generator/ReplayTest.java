package io.vectorstream.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST =
      "{\"event_id\":\"1\",\"timestamp\":\"2026-01-01T10:00:00+03:00\",\"user_id\":\"Şule\",\"x\":12.50}";
  private static final String SECOND =
      "{\"event_id\":\"2\",\"timestamp\":\"2026-01-01T07:00:02.5Z\",\"user_id\":\"b\"}";
  private static final String OLDER =
      "{\"event_id\":\"3\",\"timestamp\":\"2026-01-01T06:00:00Z\",\"user_id\":\"c\"}";

  @TempDir Path folder;

  @Test
  void own_times_keep_the_bytes_and_the_distances() throws IOException {
    try (Replay replay = Replay.withOwnTimes(file(FIRST, SECOND, OLDER, "", FIRST), 2)) {
      List<Long> due = new ArrayList<>();
      List<String> values = new ArrayList<>();
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        due.add(replay.ownDue());
        GeneratedRecord record = replay.next(Instant.now());
        assertThat(record.kind()).isEqualTo(RecordKind.EVENT);
        values.add(new String(record.value(), StandardCharsets.UTF_8));
        keys.add(record.key());
      }

      assertThat(values).containsExactly(FIRST, SECOND, OLDER, FIRST);
      assertThat(keys).containsExactly("Şule", "b", "c", "Şule");
      assertThat(due).containsExactly(0L, 1_250_000_000L, 1_250_000_000L, 1_250_000_000L);
      assertThat(replay.next(Instant.now())).isNull();
    }
  }

  @Test
  void new_times_replace_the_timestamp_and_nothing_else() throws IOException {
    Instant due = Instant.parse("2026-05-05T05:05:05.123456Z");
    try (Replay replay = Replay.withNewTimes(file(FIRST))) {
      assertThat(replay.ownDue()).isEqualTo(EventSource.RUNNER_DECIDES);
      ObjectNode expected = (ObjectNode) JSON.readTree(FIRST);
      expected.put("timestamp", "2026-05-05T05:05:05.123456Z");

      assertThat(JSON.readTree(replay.next(due.plusNanos(789)).value())).isEqualTo(expected);
    }
  }

  @Test
  void lines_that_are_no_events_are_sent_as_they_are() throws IOException {
    Path file = folder.resolve("events.jsonl");
    byte[] invalid = {'{', (byte) 0xff, '}'};
    Files.write(file, invalid);
    Files.writeString(
        file,
        "\nhello\n{\"timestamp\":\"yesterday\",\"user_id\":\"u\"}\n" + SECOND,
        java.nio.file.StandardOpenOption.APPEND);
    try (Replay replay = Replay.withNewTimes(file)) {
      assertMalformed(replay.next(Instant.EPOCH), null, invalid);
      assertMalformed(replay.next(Instant.EPOCH), null, "hello".getBytes(StandardCharsets.UTF_8));
      assertThat(replay.next(Instant.EPOCH).key()).isEqualTo("u");
      assertThat(replay.next(Instant.EPOCH).kind()).isEqualTo(RecordKind.EVENT);
      assertThat(replay.next(Instant.EPOCH)).isNull();
    }
  }

  private static void assertMalformed(GeneratedRecord record, String key, byte[] value) {
    assertThat(record.kind()).isEqualTo(RecordKind.MALFORMED);
    assertThat(record.key()).isEqualTo(key);
    assertThat(record.value()).isEqualTo(value);
  }

  @Test
  void a_missing_file_is_told() {
    assertThatThrownBy(() -> Replay.withNewTimes(folder.resolve("none.jsonl")))
        .isInstanceOf(GeneratorException.class)
        .hasMessageStartingWith("file of events not found: ");
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("events.jsonl"), List.of(lines));
  }
}
