package io.vectorstream.generator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/**
 * A source that sends the events of a file of JSON lines again, in the file's order and with their
 * own ids. A line that is not a JSON object with a readable timestamp is sent unchanged and counts
 * as malformed; the other rules are not checked, and copies in the file count as events.
 */
public final class Replay implements EventSource, AutoCloseable {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final InputStream in;

  /** The speed of the replay; NaN: the events get new timestamps. */
  private final double speed;

  private byte[] line;
  private ObjectNode event;
  private Instant time;
  private Instant first;
  private long ownDue;

  private Replay(Path file, double speed) {
    this.file = file;
    this.speed = speed;
    if (!Files.isRegularFile(file)) {
      throw new GeneratorException("file of events not found: " + file);
    }
    try {
      in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    } catch (IOException e) {
      throw failed(e);
    }
    readNext();
  }

  /** Replays with new timestamps, the times at which events are due; the runner's rate counts. */
  public static Replay withNewTimes(Path file) {
    return new Replay(file, Double.NaN);
  }

  /**
   * Replays with the events' own timestamps, and with their intervals. An event that is older than
   * the one before is due at once.
   *
   * @param speed the factor by which the replay is faster than the original, above 0
   */
  public static Replay withOwnTimes(Path file, double speed) {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("the speed must be above 0, but is " + speed);
    }
    return new Replay(file, speed);
  }

  @Override
  public long ownDue() {
    return Double.isNaN(speed) ? RUNNER_DECIDES : ownDue;
  }

  @Override
  public GeneratedRecord next(Instant due) {
    if (line == null) {
      return null;
    }
    GeneratedRecord record =
        new GeneratedRecord(
            time == null ? RecordKind.MALFORMED : RecordKind.EVENT, userId(), value(due));
    readNext();
    return record;
  }

  private String userId() {
    JsonNode id = event == null ? null : event.get("user_id");
    return id == null || !id.isTextual() ? null : id.asText();
  }

  private byte[] value(Instant due) {
    if (time == null || !Double.isNaN(speed)) {
      return line;
    }
    try {
      return JSON.writeValueAsBytes(
          event.put("timestamp", due.truncatedTo(ChronoUnit.MICROS).toString()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void readNext() {
    do {
      line = readLine();
    } while (line != null && new String(line, StandardCharsets.UTF_8).isBlank());
    event = line == null ? null : parse(line);
    time = event == null ? null : timestamp(event);
    if (time != null && !Double.isNaN(speed)) {
      first = first == null ? time : first;
      ownDue = Math.max(ownDue, (long) (Duration.between(first, time).toNanos() / speed));
    }
  }

  /** Reads a line as bytes, not as text: a line that is not UTF-8 must be sent unchanged too. */
  private byte[] readLine() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      for (; b >= 0 && b != '\n'; b = in.read()) {
        bytes.write(b);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static ObjectNode parse(byte[] line) {
    try {
      return JSON.readTree(line) instanceof ObjectNode object ? object : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static Instant timestamp(ObjectNode event) {
    JsonNode timestamp = event.path("timestamp");
    try {
      return timestamp.isTextual() ? OffsetDateTime.parse(timestamp.asText()).toInstant() : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private GeneratorException failed(IOException e) {
    return new GeneratorException("cannot read " + file + ": " + e.getMessage(), e);
  }
}
