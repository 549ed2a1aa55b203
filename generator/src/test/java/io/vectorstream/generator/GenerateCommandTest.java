package io.vectorstream.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.shop.Product;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class GenerateCommandTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine command = GenerateCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(args);
  }

  @Test
  void events_go_to_a_file_and_the_counts_to_standard_output() throws IOException {
    Path file = folder.resolve("events.jsonl");

    int exit =
        run(
            "--output",
            file.toString(),
            "--rate",
            "max",
            "--count",
            "2000",
            "--seed",
            "7",
            "--malformed",
            "0.1",
            "--duplicates",
            "0.1",
            "--late",
            "0.1",
            "--json");

    assertThat(exit).isZero();
    JsonNode counts = new ObjectMapper().readTree(out.toString());
    assertThat(counts.path("sent").asInt()).isEqualTo(2000);
    assertThat(
            counts.path("valid").asInt()
                + counts.path("malformed").asInt()
                + counts.path("duplicates").asInt())
        .isEqualTo(2000);
    assertThat(counts.path("malformed").asInt()).isBetween(120, 280);
    assertThat(counts.path("late").asInt()).isBetween(120, 280);
    assertThat(counts.path("seed").asLong()).isEqualTo(7);
    try (var lines = Files.newInputStream(file)) {
      assertThat(new String(lines.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
          .hasLineCount(2000);
    }
  }

  @Test
  void a_properties_file_gives_the_servers_and_the_command_line_is_stronger() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("kafka.properties"),
            "bootstrap.servers=127.0.0.1:1\nsecurity.protocol = nonsense\n");

    assertThat(run("--to", "kafka", "--kafka-properties", file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("generate: Kafka at 127.0.0.1:1 cannot be used: ", "security.protocol");

    assertThat(
            run(
                "--bootstrap-servers",
                "127.0.0.1:2",
                "--kafka-properties",
                file.toString(),
                "--kafka-property",
                "security.protocol=PLAINTEXT",
                "--timeout",
                "100ms"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("generate: Kafka at 127.0.0.1:2 does not answer");
  }

  @Test
  void a_properties_file_that_is_none_is_refused_without_repeating_what_it_holds()
      throws IOException {
    Path file = Files.writeString(folder.resolve("kafka.properties"), "hunter2\n");

    assertThat(run("--to", "kafka", "--kafka-properties", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "generate: --kafka-properties '"
                + file
                + "' has a line that is not name=value; expected Kafka client settings")
        .doesNotContain("hunter2");
  }

  @Test
  void without_json_there_is_a_table_and_the_seed_is_told() {
    assertThat(run("--output", folder.resolve("e").toString(), "--rate", "max", "--count", "5"))
        .isZero();

    assertThat(out.toString()).containsPattern("sent +5\\R").contains("events/s");
    assertThat(err.toString()).containsPattern("seed \\d+");
  }

  @Test
  void duration_ends_a_run() {
    assertThat(
            run(
                "--output",
                folder.resolve("e").toString(),
                "--rate",
                "200",
                "--duration",
                "100ms",
                "--json"))
        .isZero();
    assertThat(out.toString()).contains("\"sent\":20,");
  }

  @Test
  void a_file_that_was_written_can_be_replayed() throws IOException {
    Path first = folder.resolve("first.jsonl");
    Path second = folder.resolve("second.jsonl");
    run("--output", first.toString(), "--rate", "max", "--count", "300");

    int exit =
        run(
            "--replay",
            first.toString(),
            "--output",
            second.toString(),
            "--replay-times",
            "own",
            "--speed",
            "1000");

    assertThat(exit).isZero();
    assertThat(second).hasSameTextualContentAs(first);
  }

  @Test
  void a_catalogue_is_written_and_used() throws IOException {
    Path catalog = folder.resolve("catalog.csv");
    Path events = folder.resolve("events.jsonl");

    assertThat(run("--write-catalog", catalog.toString(), "--products", "50")).isZero();
    assertThat(
            run(
                "--catalog",
                catalog.toString(),
                "--output",
                events.toString(),
                "--rate",
                "max",
                "--count",
                "100"))
        .isZero();

    List<Product> products = Catalog.read(catalog).products();
    assertThat(products).hasSize(50).isEqualTo(Catalog.generate(50, 1).products());
    assertThat(Files.readAllLines(events))
        .filteredOn(event -> event.contains("\"product\":"))
        .isNotEmpty()
        .allMatch(event -> products.stream().anyMatch(product -> event.contains(product.id())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "; where to? Expected --to kafka|file|stdout",
        "--to file; --to file needs --output FILE",
        "--to mars; mars",
        "--output e --bootstrap-servers b:1; say which by --to",
        "--output e --rate fast; 'fast' is not a rate; expected events per second above 0, or max",
        "--output e --rate 0; '0' is not a rate",
        "--output e --duration 10; '10' is not a duration",
        "--output e --duration 0s; '0s' is not a duration",
        "--output e --count -1; --count must be 0 or more",
        "--output e --users 0; --users must be 1 or more",
        "--output e --products 0; --products must be 1 or more",
        "--output e --late 1.5; --late must be from 0 to 1",
        "--output e --skew -1; --skew must be from 0 to 10",
        "--output e --malformed 0.9 --late 0.9; must add up to 1 at most",
        "--output e --replay none --speed 0; --speed must be above 0",
        "--output e --catalog none.csv; none.csv: no such file",
        "--output e --colour red; Unknown option",
      })
  void wrong_use_is_told_in_one_line_with_exit_status_2(String args, String message) {
    int exit =
        run(
            args == null
                ? new String[0]
                : args.replace("--output e", "--output " + folder.resolve("e")).split(" "));

    assertThat(exit).isEqualTo(2);
    assertThat(withoutSeed()).hasLineCount(1).startsWith("generate: ").contains(message);
    assertThat(out.toString()).isEmpty();
    assertThat(folder.resolve("e")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--output DIR/none/e --count 1; none does not exist",
        "--output DIR/e --replay DIR/none.jsonl; file of events not found",
        "--bootstrap-servers 127.0.0.1:1 --timeout 300ms; Kafka at 127.0.0.1:1 does not answer: no"
            + " answer within 300 ms",
      })
  void a_failure_is_told_in_one_line_with_exit_status_1(String args, String message) {
    assertThat(run(args.replace("DIR", folder.toString()).split(" "))).isEqualTo(1);

    assertThat(withoutSeed()).hasLineCount(1).startsWith("generate: ").contains(message);
  }

  private String withoutSeed() {
    return err.toString().replaceFirst("seed \\d+\\R", "");
  }

  @Test
  void help_names_every_option_with_its_default() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString())
        .contains("--rate", "Default: 1000", "--replay-times", "--write-catalog", "Examples:");
  }
}
