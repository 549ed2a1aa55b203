package io.vectorstream.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MapCommandTest {

  private static final Path EXAMPLES = Path.of("../config/mappings/examples");

  private static final String PLAIN =
      "{\"event_id\": \"1\", \"timestamp\": \"2026-01-15 10:30:00Z\", \"user_id\": \"u\","
          + " \"event_type\": \"search\", \"session_id\": \"s\", \"search_query\": \"x\"}";

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... arguments) {
    return CommandErrors.install(new CommandLine(new MapCommand()))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(java.util.Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
  }

  @Test
  void events_dead_letters_and_fields_that_are_not_used_are_shown() throws IOException {
    Path file = folder.resolve("records.jsonl");
    Files.writeString(
        file,
        Files.readString(EXAMPLES.resolve("shopify.jsonl"))
            + "\n{\"id\": 5, \"order_number\": 1, \"line_items\": [{\"id\": 1, \"sku\": \"s\"}]}\nbroken\n");

    assertThat(run("--dry-run", file, "--mapping", "shopify")).isZero();

    assertThat(out.toString().lines())
        .contains(
            "5 records: 3 events, 2 dead letters, 1 records left out",
            "  1 missing_field",
            "  1 not_json",
            "  line 5: missing_field: line_items[0]: missing or empty: timestamp (processed_at |"
                + " updated_at | created_at), user_id (customer.id | email | cart_token | token),"
                + " product.name (line_items[].title | line_items[].name), product.price"
                + " (line_items[].price)",
            "  currency: 1",
            "  line_items[].vendor: 1")
        .noneMatch(line -> line.startsWith("  line_items[].price"))
        .anyMatch(line -> line.startsWith("  line 2: {\"event_id\":\"820982911946/866550311766\""));
  }

  @Test
  void json_has_all_of_it() throws IOException {
    assertThat(run("--dry-run", EXAMPLES.resolve("ga4.jsonl"), "--mapping", "ga4", "--json"))
        .isZero();

    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("records").asInt()).isEqualTo(3);
    assertThat(json.path("events").asInt()).isEqualTo(4);
    assertThat(json.at("/results/1/events/1/product/id").asText()).isEqualTo("bulb-1");
    assertThat(json.path("unused_fields").path("events[].params.currency").asInt()).isEqualTo(2);
  }

  @Test
  void a_file_may_be_packed() throws IOException {
    Path file = folder.resolve("ga4.jsonl.gz");
    try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(file))) {
      Files.copy(EXAMPLES.resolve("ga4.jsonl"), packed);
    }

    assertThat(run("--dry-run", file, "--mapping", "ga4")).isZero();
    assertThat(out.toString()).contains("3 records: 4 events");
  }

  @Test
  void without_a_mapping_records_are_read_as_they_are() throws IOException {
    Path file = Files.writeString(folder.resolve("one.json"), PLAIN.replace(", ", ",\n"));

    assertThat(run("--dry-run", file)).isZero();
    assertThat(out.toString())
        .contains("1 records: 0 events, 1 dead letters")
        .contains("kafka.mapping: vectorstream reads it");
    assertThat(run("--dry-run", file, "--mapping", "vectorstream")).isZero();
    assertThat(out.toString()).contains("1 records: 1 events, 0 dead letters");
  }

  @Test
  void what_is_left_out_is_counted_by_its_type_or_its_condition() throws IOException {
    Path file = folder.resolve("calls.jsonl");
    String call =
        "{\"type\": \"track\", \"messageId\": \"m\", \"event\": \"%s\", \"properties\": {}}\n";
    Files.writeString(
        file,
        call.formatted("product viewed").repeat(2)
            + call.formatted("Cart Viewed")
            + "{\"type\": \"page\"}\n");

    assertThat(run("--dry-run", file, "--mapping", "segment")).isZero();
    assertThat(out.toString())
        .contains("4 records: 0 events, 0 dead letters, 4 records left out")
        .contains(
            String.format(
                "Left out, and in how many records:%n  event_type: Cart Viewed: 1%n"
                    + "  event_type: product viewed: 2%n  skip: type = page: 1%n"));

    out.getBuffer().setLength(0);
    assertThat(run("--dry-run", file, "--mapping", "segment", "--json")).isZero();
    assertThat(
            new ObjectMapper().readTree(out.toString()).at("/left_out/skip: type = page").asInt())
        .isEqualTo(1);
  }

  @Test
  void a_record_that_is_no_object_has_no_fields() throws IOException {
    Path file = Files.writeString(folder.resolve("text.jsonl"), "\"text\"\n");

    assertThat(run("--dry-run", file, "--mapping", "segment")).isZero();
    assertThat(out.toString()).contains("1 not_json").doesNotContain("not used");
  }

  @Test
  void a_byte_order_mark_is_no_part_of_the_first_record() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("marked.jsonl"),
            "\ufeff" + Files.readString(EXAMPLES.resolve("segment.jsonl")));

    assertThat(run("--dry-run", file, "--mapping", "segment")).isZero();
    assertThat(out.toString()).contains("4 records: 4 events, 0 dead letters, 1 records left out");
  }

  @ParameterizedTest
  @CsvSource({"UTF-16LE, ''", "UTF-16BE, ''", "UTF-16LE, \ufeff", "UTF-16BE, \ufeff"})
  void a_file_in_utf_16_is_told_once(String encoding, String mark) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("wide.jsonl"),
            mark + Files.readString(EXAMPLES.resolve("segment.jsonl")),
            Charset.forName(encoding));

    assertThat(run("--dry-run", file, "--mapping", "segment")).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            file + " is in " + encoding + "; expected UTF-8, as records of JSON are in Kafka");
  }

  @Test
  void an_object_in_place_of_an_array_is_used() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("ga4.jsonl"),
            """
            {"client_id": "c", "timestamp_micros": 1796026500123456, "events": {"name": "view_item", "colour": 1, \
            "params": {"event_id": "e", "session_id": 7, "items": {"item_id": "a", "price": 1}}}}
            """);

    assertThat(run("--dry-run", file, "--mapping", "ga4")).isZero();
    assertThat(out.toString())
        .contains("1 records: 1 events, 0 dead letters")
        .endsWith(
            String.format(
                "Fields that are not used, and in how many records:%n  events.colour: 1%n"));
  }

  @Test
  void a_file_that_is_an_array_of_records_is_told_as_one() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("all.json"),
            "[" + String.join(",\n", Files.readAllLines(EXAMPLES.resolve("segment.jsonl"))) + "]");

    assertThat(run("--dry-run", file, "--mapping", "segment")).isZero();
    assertThat(out.toString())
        .contains(
            "line 1: wrong_type: the value is an array, which no path of the mapping begins with;"
                + " expected an object");
  }

  @Test
  void a_file_that_is_damaged_or_not_there_is_named() throws IOException {
    Path file = Files.write(folder.resolve("cut.jsonl.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});

    assertThat(run("--dry-run", file, "--mapping", "segment")).isEqualTo(1);
    assertThat(err.toString()).contains("cut.jsonl.gz is a damaged gzip: ");

    err.getBuffer().setLength(0);
    assertThat(run("--dry-run", folder.resolve("none.jsonl"))).isEqualTo(2);
    assertThat(err.toString())
        .contains("there is no file '")
        .contains("no topic can have that name");

    err.getBuffer().setLength(0);
    assertThat(
            run(
                "--dry-run",
                "none.jsonl",
                "--set",
                "kafka.bootstrap_servers=127.0.0.1:1",
                "--set",
                "kafka.connect_timeout=1s"))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "there is no file 'none.jsonl', so it is taken for a topic: Kafka at 127.0.0.1:1");
  }

  @Test
  void a_ready_mapping_is_printed_and_can_be_used_as_a_file() throws IOException {
    assertThat(run("--show", "segment")).isZero();
    Path mine = Files.writeString(folder.resolve("mine.yaml"), out.toString());
    out.getBuffer().setLength(0);

    assertThat(run("--dry-run", EXAMPLES.resolve("segment.jsonl"), "--mapping", mine)).isZero();
    assertThat(out.toString()).contains("4 records: 4 events, 0 dead letters, 1 records left out");
  }

  @Test
  void wrong_use_is_told_in_a_line() {
    assertThat(run("--show", "ga5")).isEqualTo(2);
    assertThat(err.toString()).startsWith("there is no mapping 'ga5'; expected one of");
    assertThat(run("--dry-run", "x", "--limit", "0")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
  }
}
