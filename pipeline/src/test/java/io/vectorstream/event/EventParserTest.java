package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

class EventParserTest {

  private static final Instant PLANNED = Instant.parse("2026-01-01T00:00:00Z");
  private static final long PLANNED_AT = TimeUnit.SECONDS.toMicros(PLANNED.getEpochSecond());

  private static final StructType RECORD =
      StructType.fromDDL(
          "key binary, value binary, partition int, offset bigint, timestamp timestamp");
  private static final String GOOD =
      """
      {"event_id": "e-1", "timestamp": "2024-01-15T10:30:00Z", "user_id": "u-1", "event_type": "view", \
      "session_id": "s-1", "product": {"id": "p-1", "name": "Lamp", "price": 12.5}}\
      """;

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

  @Test
  void every_field_comes_through_as_it_was_sent() {
    InternalRow row =
        parse(
            """
            {"event_id": "e-9", "timestamp": "2024-01-15T13:30:00.123456789+03:00", "user_id": "ayşe", \
            "event_type": "purchase", "session_id": "s-9", "unknown": [1, {"x": 2}], \
            "product": {"id": "p-9", "name": "Çay bardağı \\"ince belli\\"", "description": "", \
            "category": "Ev & Mutfak", "price": 1299.99, "colour": "red"}, \
            "quantity": 3, "total_amount": 3899.97, "payment_method": "kapıda ödeme", \
            "view_duration": 4.5, "search_query": "çay 🍵"}\
            """);

    assertThat(EventRow.isDoubtful(row)).isFalse();
    assertThat(event(row))
        .isEqualTo(
            new ShopEvent(
                3,
                42,
                1_705_314_601_000_000L,
                "e-9",
                "2024-01-15T13:30:00.123456789+03:00",
                1_705_314_600_123_456L,
                "ayşe",
                EventType.PURCHASE,
                "s-9",
                new Product("p-9", "Çay bardağı \"ince belli\"", "", "Ev & Mutfak", 1299.99),
                3L,
                3899.97,
                "kapıda ödeme",
                4.5,
                "çay 🍵"));
  }

  @Test
  void a_search_needs_no_product_if_it_has_a_query() {
    String search = GOOD.replace("\"view\"", "\"search\"").replaceAll(", \"product.*", "");

    ShopEvent event = event(parse(search + ", \"search_query\": \"lamp\"}"));

    assertThat(event.product()).isNull();
    assertThat(event.searchQuery()).isEqualTo("lamp");
    assertThat(reason(search + "}")).isEqualTo("missing_field");
    assertThat(reason(search + ", \"search_query\": \"x\", \"product\": {}}"))
        .isEqualTo("missing_field");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-15T10:30:00Z",
        "2024-01-15T10:30Z",
        "2024-01-15T10:30:00.1Z",
        "2024-01-15T10:30:00.123456789Z",
        "2024-02-29T23:59:59-11:30",
      })
  void a_timestamp_with_an_offset_and_up_to_nine_digits_is_accepted(String timestamp) {
    assertThat(reason(GOOD.replace("2024-01-15T10:30:00Z", timestamp))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-15T10:30:00",
        "2024-01-15 10:30:00Z",
        "2024-01-15T10:30:00.1234567890Z",
        "2023-02-29T10:30:00Z",
        "2024-01-15T25:30:00Z",
        "2024-01-15",
        "yesterday",
        "1705314600",
      })
  void a_timestamp_without_an_offset_or_of_no_real_day_is_not(String timestamp) {
    InternalRow row = parse(GOOD.replace("2024-01-15T10:30:00Z", timestamp));

    assertThat(letter(row).reason()).isEqualTo("invalid_timestamp");
    assertThat(letter(row).detail()).contains("'" + timestamp + "'");
  }

  /** In a pattern, the end of a line is not the end of the text. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\\n", "\\r", "\\r\\n", "\\u0085", "\u0085", "\u2028", "\u2029", " ", "\\t"})
  void a_timestamp_with_a_line_break_behind_it_is_not(String lineBreak) {
    for (String timestamp : List.of("2024-01-15T10:30:00Z", "2024-01-15T10:30:00.5+03:00")) {
      String json = GOOD.replace("2024-01-15T10:30:00Z", timestamp + lineBreak);

      assertThat(reason(json)).as(json).isEqualTo("invalid_timestamp");
    }
  }

  /** Spark would generate other code for each batch, and Java would have to compile it. */
  @Test
  void nothing_in_it_differs_from_batch_to_batch() {
    Dataset<Row> records =
        spark.createDataFrame(List.of(RowFactory.create(null, null, 0, 0L, null)), RECORD);
    String plan =
        ((org.apache.spark.sql.classic.Dataset<Row>)
                EventParser.parse(EventParser.prepare(records), EventParser.Processor.CPU))
            .queryExecution()
            .analyzed()
            .toString();

    assertThat(plan).contains("from_json").doesNotContainIgnoringCase("current", "now(", "rand");
  }

  @Test
  void a_record_with_a_time_that_cannot_be_true_was_taken_when_its_batch_was_planned() {
    for (String time :
        List.of(
            "1970-01-20T12:00:00Z",
            "1999-12-31T23:59:59Z",
            "2099-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999Z")) {
      InternalRow row = parse(GOOD, Timestamp.from(Instant.parse(time)));

      assertThat(instant(event(row).receivedAtMicros())).as(time).isEqualTo(PLANNED);
      InternalRow doubtful = parse(GOOD.replace(":00Z", "Z"), Timestamp.from(Instant.parse(time)));
      assertThat(EventRow.isDoubtful(doubtful)).isTrue();
      assertThat(instant(event(doubtful).receivedAtMicros())).isEqualTo(PLANNED);
      InternalRow broken = parse("broken", Timestamp.from(Instant.parse(time)));
      assertThat(instant(letter(broken).receivedAtMicros()))
          .as("a dead letter keeps it")
          .isEqualTo(time);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"event_id", "timestamp", "user_id", "event_type", "session_id"})
  void a_required_field_that_is_absent_null_or_empty_is_named(String field) {
    String absent = GOOD.replaceFirst("\"" + field + "\"", "\"other\"");
    String isNull = GOOD.replaceFirst("\"" + field + "\": \"[^\"]*\"", "\"" + field + "\": null");
    String empty = GOOD.replaceFirst("\"" + field + "\": \"[^\"]*\"", "\"" + field + "\": \"\"");

    for (String json : List.of(absent, isNull, empty)) {
      DeadLetter letter = letter(parse(json));
      assertThat(letter.reason()).as(json).isEqualTo("missing_field");
      assertThat(letter.detail()).as(json).isEqualTo("missing or empty: " + field);
    }
  }

  @Test
  void a_required_field_of_the_product_is_named() {
    assertThat(detail(GOOD.replace("\"name\"", "\"title\"")))
        .isEqualTo("missing or empty: product.name");
    assertThat(detail(GOOD.replace("\"price\"", "\"cost\"")))
        .isEqualTo("missing or empty: product.price");
    assertThat(detail(GOOD.replace("\"product\"", "\"item\"")))
        .isEqualTo("missing or empty: product");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "12.5|-0.01|invalid_price",
        "12.5|1e999|invalid_price",
        "12.5|\"12.5\"|wrong_type",
        "12.5|\"NaN\"|wrong_type",
        "12.5|NaN|not_json",
        "\"view\"|\"look\"|unknown_event_type",
        "\"view\"|\"VIEW\"|unknown_event_type",
        "{\"id\": \"p-1\", \"name\": \"Lamp\", \"price\": 12.5}|\"p-1\"|wrong_type",
        "{\"id\": \"p-1\", \"name\": \"Lamp\", \"price\": 12.5}|[]|wrong_type",
        "\"session_id\"|\"quantity\": 1.5, \"session_id\"|wrong_type",
        "\"session_id\"|\"quantity\": 99999999999999999999, \"session_id\"|invalid_amount",
      })
  void what_breaks_a_rule_is_a_dead_letter_with_its_reason(String from, String to, String reason) {
    assertThat(reason(GOOD.replace(from, to))).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"not json", "{\"event_id\": \"e-1\", ", "[]", "12", "\"text\"", "null", "{]}"})
  void what_is_not_an_object_is_not_json(String value) {
    assertThat(reason(value)).isEqualTo("not_json");
  }

  @Test
  void an_array_of_events_is_not_an_event() {
    assertThat(reason("[" + GOOD + "]")).isEqualTo("not_json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\n\t "})
  void a_blank_value_is_empty(String value) {
    assertThat(reason(value)).isEqualTo("empty");
  }

  @Test
  void a_tombstone_is_a_dead_letter_that_keeps_its_key() {
    InternalRow row = parse("k".getBytes(UTF_8), null);

    DeadLetter letter = letter(row);
    assertThat(letter.reason()).isEqualTo("empty");
  }

  @Test
  void bytes_that_are_not_utf8_come_back_unchanged() {
    byte[] value = GOOD.getBytes(UTF_8);
    value[GOOD.indexOf("Lamp")] = (byte) 0xff;

    DeadLetter letter = letter(parse(null, value));

    assertThat(letter.reason()).isEqualTo("invalid_utf8");
    assertThat(letter.partition()).isEqualTo(3);
    assertThat(letter.offset()).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(strings = {" x", "{}", " null", ",", "]}", "\u0000"})
  void text_after_the_object_is_not_json(String more) {
    assertThat(reason(GOOD + more)).isEqualTo("not_json");
    assertThat(detail(GOOD + more)).contains("there is more after it");
  }

  @Test
  void half_a_surrogate_pair_never_becomes_a_question_mark() {
    assertThat(reason(GOOD.replace("e-1", "\\ud800"))).isEqualTo("invalid_utf8");
    assertThat(event(parse(GOOD.replace("u-1", "\\ud83d\\ude00"))).userId()).isEqualTo("😀");
  }

  @Test
  void a_number_is_taken_as_the_text_that_it_is_written_as() {
    ShopEvent event = event(parse(GOOD.replace("\"e-1\"", "12").replace("\"u-1\"", "1.50")));

    assertThat(event.eventId()).isEqualTo("12");
    assertThat(event.userId()).isEqualTo("1.50");
    assertThat(reason(GOOD.replace("\"e-1\"", "1.50"))).isEqualTo("wrong_type");
  }

  @Test
  void nesting_and_numbers_beyond_the_limits_are_not_json() {
    String deep = GOOD.replaceFirst("\\{", "{\"x\": " + "[".repeat(1000) + "]".repeat(1000) + ",");
    String longNumber = GOOD.replace("12.5", "1".repeat(1001));

    assertThat(reason(deep)).isEqualTo("not_json");
    assertThat(detail(deep)).contains("1001").contains("1000");
    assertThat(reason(longNumber)).isEqualTo("not_json");
    assertThat(detail(longNumber)).contains("1001").contains("1000");
  }

  @Test
  void a_text_of_20_mb_comes_through_both_parsers() {
    String text = "x".repeat(20 << 20);
    String json = GOOD.replace("\"price\"", "\"description\": \"" + text + "\", \"price\"");

    InternalRow certain = parse(json);
    InternalRow doubtful = parse(json + " ");

    assertThat(EventRow.isDoubtful(certain)).isFalse();
    assertThat(EventRow.isDoubtful(doubtful)).isTrue();
    for (InternalRow row : List.of(certain, doubtful)) {
      assertThat(event(row).product().description()).hasSize(20 << 20);
    }
  }

  /** HotSpot compiles no larger method, and an interpreted one costs twice as much an event. */
  @Test
  void the_generated_code_stays_small_enough_to_be_compiled() {
    // Not a list of rows: Spark would parse that while it plans.
    Dataset<Row> prepared =
        EventParser.prepare(
            spark
                .range(1)
                .selectExpr(
                    "cast(null as binary) as key",
                    "cast(cast(id as string) as binary) as value",
                    "0 as partition",
                    "id as offset",
                    "current_timestamp() as timestamp"));
    var parsed = EventParser.parse(prepared, EventParser.Processor.CPU);
    var queryExecution = ((org.apache.spark.sql.classic.Dataset<Row>) parsed).queryExecution();

    assertThat(CollectionConverters.asJava(queryExecution.debug().codegenToSeq()))
        .isNotEmpty()
        .allSatisfy(stage -> assertThat(stage._3().maxMethodCodeSize()).isLessThan(8000));
  }

  @Test
  void white_space_around_an_event_changes_nothing() {
    assertThat(reason("\n " + GOOD + " \n")).isNull();
  }

  private static String reason(String json) {
    InternalRow row = parse(json);
    return EventRow.read(row, PLANNED_AT) instanceof DeadLetter letter ? letter.reason() : null;
  }

  private static ShopEvent event(InternalRow row) {
    return (ShopEvent) EventRow.read(row, PLANNED_AT);
  }

  private static DeadLetter letter(InternalRow row) {
    return (DeadLetter) EventRow.read(row, PLANNED_AT);
  }

  private static String detail(String json) {
    return letter(parse(json)).detail();
  }

  private static InternalRow parse(String json) {
    return parse(null, json.getBytes(UTF_8));
  }

  private static InternalRow parse(String json, Timestamp time) {
    return parse(RowFactory.create(null, json.getBytes(UTF_8), 3, 42L, time));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static InternalRow parse(byte[] key, byte[] value) {
    return parse(record(key, value));
  }

  private static InternalRow parse(Row record) {
    Dataset<Row> records = spark.createDataFrame(List.of(record), RECORD);
    return ParsedRows.of(records, EventParser.Processor.CPU).get(0);
  }

  private static Row record(byte[] key, byte[] value) {
    return RowFactory.create(
        key, value, 3, 42L, Timestamp.from(Instant.parse("2024-01-15T10:30:01Z")));
  }
}
