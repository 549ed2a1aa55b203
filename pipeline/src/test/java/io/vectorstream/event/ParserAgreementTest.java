package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.shop.EventType;
import java.io.ByteArrayOutputStream;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spark's expressions and the strict parser, side by side on good and broken records. */
class ParserAgreementTest {

  private static final int RECORDS = 40_000;

  /** The column of the event's id in {@link EventRow}. */
  private static final int EVENT_ID = 6;

  private static final StructType RECORD =
      StructType.fromDDL(
          "key binary, value binary, partition int, offset bigint, timestamp timestamp");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "-1",
          "7",
          "42.50",
          "1e5",
          "1E-3",
          "-0.0",
          "1e400",
          "-1e400",
          "1e-400",
          "NaN",
          "Infinity",
          "9223372036854775807",
          "9223372036854775808",
          "123456789012345678901234567890",
          "\"\"",
          "\" \"",
          "\"0\"",
          "\"-0\"",
          "\"1.5\"",
          "\"1E5\"",
          "\"1.0E10\"",
          "\"true\"",
          "\"false\"",
          "\"null\"",
          "\"NaN\"",
          "\"[NEW] Lamp\"",
          "\"{x}\"",
          "\"\\\"Infinity\\\"\"",
          "\"2.5 l pot\"",
          "\"a\\u0041\"",
          "\"\\ud800\"",
          "\"\\uDC00x\"",
          "\"\\ud83d\\ude00\"",
          "\"😀\"",
          "\"?\"",
          "\"\\u0000\"",
          "\"\\u0001{\"",
          "\"a\\nb\\\\c\\/\"",
          "\"çay\"",
          "\"عربى\"",
          "{}",
          "[]",
          "[1]",
          "{\"id\":\"x\"}",
          "[[]]",
          "'single'",
          "\"2024-01-15T10:30:00Z\"",
          "\"2024-01-15T10:30Z\"",
          "\"2024-01-15T10:30:00Z\\n\"",
          "\"2024-01-15T10:30:00+03:00\\r\\n\"",
          "\"2024-01-15T10:30:00.25Z\u2028\"",
          "\"0000-01-01T00:00:00+01:00\"",
          "\"0000-01-01T00:00:00Z\"",
          "\"9999-12-31T23:59:59.999999999Z\"",
          "\"9999-12-31T23:59:59-18:00\"",
          "\"1969-12-31T23:59:59.1234567Z\"",
          "\"2024-06-30T23:59:60Z\"",
          "\"2024-01-15T24:00:00Z\"",
          "\"2024-01-15T10:30:00.1NZ\"",
          "\"2024-01-15T10:30:00.Z\"",
          "\"2024-01-15T10:30:00-00:00\"",
          "\"2024-01-15T10:30:00+18:01\"",
          "\"2024-02-30T10:30:00Z\"",
          "\" 2024-01-15T10:30:00Z\"",
          "\"12024-01-15T10:30:00Z\"",
          "\"٢٠٢٤-01-15T10:30:00Z\"",
          "\"view\"",
          "\"search\"",
          "\"purchase\"",
          "\"VIEW\"",
          "1" + "0".repeat(999),
          "1" + "0".repeat(1000),
          "0." + "1".repeat(999),
          "\"" + "long ".repeat(2000) + "\"",
          "[".repeat(998) + "]".repeat(998),
          "[".repeat(999) + "]".repeat(999),
          "[".repeat(1000) + "]".repeat(1000));

  private static final List<String> SPLICES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ",",
          ":",
          "\\",
          "\\u",
          "\\ud8",
          " ",
          "\n",
          "\r\n",
          "\t",
          "0",
          "-",
          ".",
          "e",
          "x",
          "null",
          "}}",
          "]}",
          "{}",
          ",\"x\":1",
          ",\"x\":1}",
          "\u0000",
          "\u0001",
          "\ufeff",
          "\u00a0",
          "\u2028",
          "/**/",
          "//",
          "#",
          "'");

  private static final List<byte[]> NOT_UTF8 =
      List.of(
          new byte[] {(byte) 0xff},
          new byte[] {(byte) 0x80},
          new byte[] {(byte) 0xc3},
          new byte[] {(byte) 0xc0, (byte) 0x80},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {(byte) 0xed, (byte) 0xbf, (byte) 0xbf},
          new byte[] {(byte) 0xe0, (byte) 0x80, (byte) 0xaf},
          new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
          new byte[] {(byte) 0xf0, (byte) 0x9f, (byte) 0x98});

  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @ParameterizedTest
  @EnumSource
  void both_parsers_read_the_same_event_and_route_it_by_the_same_id(EventParser.Processor target) {
    long seed = Long.getLong("seed", new Random().nextLong());
    System.out.println("Records for both parsers from -Dseed=" + seed);
    List<byte[]> values = new ArrayList<>();
    Random random = new Random(seed);
    for (int i = 0; i < RECORDS; i++) {
      values.add(mutated(random));
    }
    int certain = 0;
    int doubtfulEvents = 0;
    for (InternalRow row : parse(values, target)) {
      byte[] value = values.get(Math.toIntExact(row.getLong(1)));
      ParsedRecord strict =
          StrictEventParser.parse(value, row.getInt(0), row.getLong(1), row.getLong(2));
      String shown = new String(value, UTF_8);
      if (!EventRow.isDoubtful(row)) {
        certain++;
        assertThat(strict).as(shown).isEqualTo(EventRow.read(row, Long.MAX_VALUE));
      } else if (strict instanceof ShopEvent) {
        doubtfulEvents++;
      }
      if (strict instanceof ShopEvent event) {
        assertThat(row.getString(EVENT_ID)).as(shown).isEqualTo(event.eventId());
      }
    }
    assertThat(certain).as("records that Spark was certain of").isGreaterThan(RECORDS / 20);
    assertThat(doubtfulEvents).as("events that Spark was in doubt of").isGreaterThan(RECORDS / 50);
  }

  @ParameterizedTest
  @EnumSource
  void a_usual_event_is_not_in_doubt(EventParser.Processor target) {
    List<byte[]> values = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      values.add(json(event(random), random).getBytes(UTF_8));
    }
    assertThat(parse(values, target)).noneMatch(EventRow::isDoubtful);
  }

  private static List<InternalRow> parse(List<byte[]> values, EventParser.Processor target) {
    Timestamp received = Timestamp.from(Instant.parse("2024-01-15T10:30:01Z"));
    List<Row> records = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      records.add(RowFactory.create(null, values.get(i), 3, (long) i, received));
    }
    return ParsedRows.of(spark.createDataFrame(records, RECORD), target);
  }

  private static byte[] mutated(Random random) {
    Map<String, String> event = event(random);
    for (int i = random.nextInt(3); i > 0; i--) {
      String name = oneOf(new ArrayList<>(event.keySet()), random);
      if (random.nextInt(4) == 0) {
        event.remove(name);
      } else {
        event.put(name, oneOf(VALUES, random));
      }
    }
    String json = json(event, random);
    if (random.nextInt(5) == 0) {
      String name = oneOf(List.of("event_id", "product", "quantity", "unknown", "user_id"), random);
      String field = "\"" + name + "\":" + oneOf(VALUES, random);
      json =
          random.nextBoolean()
              ? "{" + field + "," + json.substring(1)
              : json.substring(0, json.length() - 1) + "," + field + "}";
    }
    if (random.nextInt(12) == 0) {
      json += oneOf(List.of(" ", "\n", " x", json, ",", "]", "}", "null", " {}", "\u0000"), random);
    }
    byte[] bytes = json.getBytes(UTF_8);
    for (int i = Math.max(0, random.nextInt(6) - 3); i > 0; i--) {
      bytes = spliced(bytes, random);
    }
    return bytes;
  }

  /** Some bytes are taken out, others put in their place. */
  private static byte[] spliced(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length + 1);
    int cut = random.nextBoolean() ? 0 : Math.min(1 + random.nextInt(3), bytes.length - at);
    byte[] put =
        random.nextInt(4) == 0
            ? oneOf(NOT_UTF8, random)
            : random.nextInt(3) == 0 ? new byte[0] : oneOf(SPLICES, random).getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.writeBytes(put);
    out.write(bytes, at + cut, bytes.length - at - cut);
    return out.toByteArray();
  }

  /** Names, those of the product with a dot, and their JSON. */
  private static Map<String, String> event(Random random) {
    Map<String, String> event = new LinkedHashMap<>();
    event.put("event_id", quoted(new java.util.UUID(random.nextLong(), random.nextLong())));
    event.put(
        "timestamp",
        quoted(Instant.ofEpochSecond(random.nextInt(), 1000L * random.nextInt(1_000_000))));
    event.put("user_id", quoted("user-" + random.nextInt(1000)));
    String type = oneOf(EventType.names(), random);
    event.put("event_type", quoted(type));
    event.put("session_id", quoted("s-" + Long.toHexString(random.nextLong())));
    if (!type.equals("search") || random.nextBoolean()) {
      event.put("product.id", quoted("p" + random.nextInt(500)));
      event.put("product.name", quoted(oneOf(List.of("Lamp", "Çay bardağı", "鍋", "Pot"), random)));
      event.put("product.description", quoted("Of oak. Lasts {for ever}."));
      event.put("product.category", quoted("Home & Kitchen | Tea"));
      event.put("product.price", String.valueOf(random.nextInt(10_000) / 100.0));
    }
    if (type.equals("search")) {
      event.put("search_query", quoted("waterproof boots"));
    }
    if (random.nextBoolean()) {
      event.put("quantity", String.valueOf(random.nextInt(5)));
      event.put("total_amount", String.valueOf(random.nextDouble()));
      event.put("payment_method", quoted("card"));
      event.put("view_duration", String.valueOf(random.nextInt(100)));
      event.put("client", "{\"agent\":[\"a\",{\"b\":\"}\"}],\"v\":1.50}");
    }
    return event;
  }

  private static String json(Map<String, String> event, Random random) {
    String space = random.nextBoolean() ? "" : " ";
    String product = object(event, "product.", space);
    Map<String, String> top = new LinkedHashMap<>(event);
    top.keySet().removeIf(name -> name.startsWith("product."));
    if (!product.equals("{}")) {
      top.putIfAbsent("product", product);
    }
    return object(top, "", space);
  }

  private static String object(Map<String, String> fields, String prefix, String space) {
    return fields.entrySet().stream()
        .filter(field -> field.getKey().startsWith(prefix))
        .map(
            field ->
                "\"%s\":%s%s"
                    .formatted(field.getKey().substring(prefix.length()), space, field.getValue()))
        .collect(Collectors.joining("," + space, "{", "}"));
  }

  private static String quoted(Object text) {
    return "\"" + text + "\"";
  }

  private static <T> T oneOf(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
