package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records that are not events in plain JSON, alone and through Spark. */
class RecordReaderTest {

  private static final String GOOD =
      """
      {"event_id": "%s", "timestamp": "2024-01-15T10:30:00.25+03:00", "user_id": 17.50, \
      "event_type": "purchase", "session_id": "s-1", "product": {"id": "p-1", "name": "Lamp", \
      "description": "", "price": 12.5}, "quantity": 3, "total_amount": 37.5, \
      "payment_method": "card", "view_duration": 0.5}\
      """;

  private static final StructType RECORD =
      StructType.fromDDL(
          "key binary, value binary, topic string, partition int, offset bigint,"
              + " timestamp timestamp, headers array<struct<key string, value binary>>");

  /** The events of {@code {"events": [...]}}; none if there is no such field. */
  private static final RecordMapping SEVERAL =
      (json, record) -> {
        List<MappedEvent> events = new ArrayList<>();
        for (JsonNode event : json.path("events")) {
          events.add(new MappedEvent("events[%d]".formatted(events.size()), event, true));
        }
        return events;
      };

  private static final RecordReader PLAIN = new RecordReader(new JsonFormat(), RecordMapping.NONE);
  private static final RecordReader READER = new RecordReader(new JsonFormat(), SEVERAL);

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

  private static IncomingRecord record(String value) {
    return new IncomingRecord("shop", 3, 42, 1_705_314_601_000_000L, null, bytes(value), List.of());
  }

  private static byte[] bytes(String value) {
    return value == null ? null : value.getBytes(UTF_8);
  }

  private static String several(String... events) {
    return "{\"events\": [" + String.join(", ", events) + "]}";
  }

  private static DeadLetter letter(RecordReader reader, String value) {
    assertThat(reader.read(record(value))).hasSize(1);
    return (DeadLetter) reader.read(record(value)).get(0);
  }

  @Test
  void an_event_comes_out_as_the_strict_parser_reads_it() {
    String event = GOOD.formatted("e-1");

    assertThat(PLAIN.read(record(event)))
        .containsExactly(
            StrictEventParser.parse(event.getBytes(UTF_8), 3, 42, 1_705_314_601_000_000L));
  }

  @Test
  void what_is_no_event_is_a_dead_letter_for_the_same_reason() {
    for (String value :
        List.of(
            "",
            "{",
            "[1]",
            "null",
            "{} {}",
            "{\"x\": " + "[".repeat(1000) + "]".repeat(1000) + "}",
            GOOD.formatted("\\ud800"),
            GOOD.replace("12.5", "\"12.5\""),
            GOOD.replace("12.5", "-1"),
            GOOD.replace("12.5", "1E+999"),
            GOOD.replace("12.5", "1".repeat(1001)),
            GOOD.replace("\"quantity\": 3", "\"quantity\": 1.0"),
            GOOD.replace("\"%s\"", "1.5"),
            GOOD.replace("purchase", "buy"),
            GOOD.replace("{\"id\": \"p-1\"", "{\"id\": null"))) {
      assertThat(PLAIN.read(record(value)))
          .as(value)
          .containsExactly(
              StrictEventParser.parse(value.getBytes(UTF_8), 3, 42, 1_705_314_601_000_000L));
    }
    assertThat(letter(PLAIN, null).reason()).isEqualTo("empty");
  }

  @Test
  void a_number_with_an_exponent_beyond_all_bounds_is_a_dead_letter() {
    assertThat(letter(PLAIN, "{\"x\": 1e99999999999}").reason()).isEqualTo("not_json");
  }

  @Test
  void a_record_has_several_events_or_none() {
    assertThat(READER.read(record(several(GOOD.formatted("a"), GOOD.formatted("b")))))
        .extracting(one -> one.requireEvent().eventId())
        .containsExactly("a", "b");
    assertThat(READER.read(record("{\"heartbeat\": 1}"))).containsExactly(new SkippedRecord(3, 42));
  }

  @Test
  void of_several_events_the_good_ones_are_taken_and_one_dead_letter_names_the_others() {
    String broken = GOOD.formatted("c").replace("12.5", "-1");

    List<ParsedRecord> read =
        READER.read(record(several(broken, GOOD.formatted("b"), broken.replace("Lamp", ""))));

    assertThat(read).hasSize(2);
    assertThat(read.get(0).requireEvent().eventId()).isEqualTo("b");
    assertThat(read.get(1))
        .isEqualTo(
            new DeadLetter(
                3,
                42,
                1_705_314_601_000_000L,
                "invalid_price",
                "events[0]: product.price is -1, expected a finite number of 0 or more;"
                    + " events[2]: missing or empty: product.name;"
                    + " the other events of the record (1) are stored"));
  }

  @Test
  void if_a_replay_would_give_other_ids_none_is_taken() {
    RecordMapping forgetful =
        (json, record) ->
            SEVERAL.map(json, record).stream()
                .map(event -> new MappedEvent(event.item(), event.json(), false))
                .toList();
    RecordReader reader = new RecordReader(new JsonFormat(), forgetful);
    String good = GOOD.formatted("a");

    assertThat(reader.read(record(several(good)))).hasSize(1);
    assertThat(letter(reader, several(good, "{}")).detail())
        .startsWith("events[1]: missing or empty: event_id,")
        .endsWith("(1) are not stored either, because it has no id that a replay would keep");
  }

  @Test
  void a_fault_of_the_mapping_is_a_dead_letter_and_a_service_that_is_away_is_not() {
    RecordReader faulty =
        new RecordReader(
            new JsonFormat(),
            (json, record) -> {
              throw new IllegalStateException("not foreseen");
            });
    RecordReader away =
        new RecordReader(
            record -> {
              throw new UncheckedIOException(new ConnectException("refused"));
            },
            SEVERAL);

    assertThat(letter(faulty, "{}"))
        .returns("cannot_be_stored", DeadLetter::reason)
        .returns(
            "reading it fails: java.lang.IllegalStateException: not foreseen", DeadLetter::detail);
    assertThatThrownBy(() -> away.read(record("{}"))).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void rows_of_spark_carry_the_events_and_the_dead_letter_of_each_record_in_order() {
    String good = GOOD.formatted("a");
    String search =
        """
        {"event_id": "b", "timestamp": "2024-01-15T10:30:00Z", "user_id": "u", "session_id": "s", \
        "event_type": "search", "search_query": "çay"}\
        """;
    List<String> values =
        List.of(several(good, search, "{}"), "{\"heartbeat\": 1}", "{", several(good));

    List<InternalRow> rows = rows(values);

    List<ParsedRecord> expected = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      expected.addAll(
          READER.read(
              new IncomingRecord("shop", 0, i, 1_000_000, null, bytes(values.get(i)), List.of())));
    }
    assertThat(rows)
        .extracting(row -> EventRow.read(row, 1_800_000_000_000_000L))
        .containsExactlyElementsOf(
            expected.stream()
                // The time of these records cannot be true.
                .map(one -> one instanceof ShopEvent e ? e.takenAt(1_800_000_000_000_000L) : one)
                .toList());
    assertThat(rows)
        .extracting(EventRow::isFirstOfRecord)
        .containsExactly(true, false, false, true, true, true);
  }

  @Test
  void rows_of_one_record_keep_their_order_when_they_are_sorted() {
    String good = GOOD.formatted("same");
    String other = good.replace("Lamp", "Table");
    Dataset<Row> read = read(List.of(several(other, good), several(good, other)));

    assertThat(
            EventRow.rdd(read.repartition(1).sort(EventRow.order(read)))
                .map(row -> EventRow.read(row, 0).requireEvent().product().name())
                .collect())
        .containsExactly("Table", "Lamp", "Lamp", "Table");
  }

  @Test
  void a_format_sees_the_key_and_the_headers() {
    RecordReader reader =
        new RecordReader(
            record ->
                new JsonFormat()
                    .read(
                        record(
                            GOOD.formatted(
                                new String(record.key(), UTF_8)
                                    + record.headers().get(0).key()
                                    + new String(record.headers().get(0).value(), UTF_8)
                                    + record.topic()
                                    + record.partition()))),
            RecordMapping.NONE);

    Dataset<Row> records =
        records(
            List.of(
                RowFactory.create(
                    bytes("k"),
                    bytes("x"),
                    "shop",
                    7,
                    0L,
                    new java.sql.Timestamp(1000),
                    List.of(RowFactory.create("h", bytes("1"))).toArray())));

    assertThat(
            EventRow.rdd(ReadRows.of(records, reader))
                .map(row -> EventRow.read(row, 0).requireEvent().eventId())
                .collect())
        .containsExactly("kh1shop7");
  }

  private static List<InternalRow> rows(List<String> values) {
    return EventRow.rdd(EventRow.parsed(read(values), EventParser.Processor.CPU))
        .map(InternalRow::copy)
        .collect();
  }

  private static Dataset<Row> read(List<String> values) {
    List<Row> rows = new ArrayList<>();
    for (String value : values) {
      rows.add(
          RowFactory.create(
              null,
              bytes(value),
              "shop",
              0,
              (long) rows.size(),
              new java.sql.Timestamp(1000),
              null));
    }
    return ReadRows.of(records(rows), READER);
  }

  private static Dataset<Row> records(List<Row> rows) {
    return spark.createDataFrame(rows, RECORD);
  }
}
