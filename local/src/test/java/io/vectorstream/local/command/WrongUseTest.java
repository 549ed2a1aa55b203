package io.vectorstream.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.local.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Wrong use is reported in one line before anything is started. */
class WrongUseTest {
  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setErr(new PrintWriter(err, true))
        .setOut(new PrintWriter(out, true))
        .execute(arguments);
  }

  private String firstLine() {
    return err.toString().lines().findFirst().orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "demo --rate fast            | 'fast' is not a rate; expected events per second",
        "demo --rate 0               | '0' is not a rate",
        "demo --rate -5              | '-5' is not a rate",
        "demo --duration 60          | '60' is not a duration; expected a number and a unit",
        "demo --duration 0s          | '0s' is not a duration",
        "demo --duration 29s         | --duration 29s is too short to measure: expected 3 triggers"
            + " of 10s",
        "demo --trigger soon         | 'soon' is not a duration",
        "demo --catalog missing.csv  | missing.csv",
        "demo --products 0           | --products must be 1 or more, but is 0",
        "demo --users 0              | --users must be 1 or more, but is 0",
        "demo --late 1.5             | --late must be from 0 to 1, but is 1.5",
        "demo --malformed 0.6 --duplicates 0.6 | add up to 1",
        "demo --kafka-port 70000     | --kafka-port must be from 0 to 65535, but is 70000",
        "demo --set kafka.topik=x    | kafka.topik is not a setting; did you mean kafka.topic?",
        "demo --json /               | --json / cannot be written",
        "validate --rate max --duration 60s | the warm-up of 60s and 3 triggers of 10s",
        "validate --workload none.yaml | none.yaml: no such workload file",
        "validate --workload none    | there is no workload 'none'; expected a file, such as"
            + " my.yaml, or one of",
        "validate --workload ../workloads/ci.yaml --duration 29s | --duration 29s is too short to"
            + " measure: expected 3 triggers of 10s",
        "validate --workload ../workloads/ci.yaml --set stream.trigger=20s | the duration of"
            + " workload ci, 40s is too short to measure: expected 3 triggers of 20s",
        "validate --workload ../workloads/ci.yaml --skew 11 | --skew must be from 0 to 10, but is"
            + " 11.0",
        "validate --sweep --workload ../workloads/ci.yaml | the workload ci has no section sweep;"
            + " expected one, as in workloads/sweep.yaml",
        "validate --sweep --workload ../workloads/sweep.yaml --keep | --keep is for one run",
        "validate --sweep --workload ../workloads/sweep.yaml --catalog c.csv | --catalog cannot go"
            + " with a sweep over products",
        "validate --shape ga4 --format avro | --format avro is for events of --shape plain, but the"
            + " shape is ga4",
        "validate --shape shopify --fresh | send views of products, which the shape shopify has no"
            + " records for",
        "validate --kill-after 5s    | --kill-after is for --system",
        "validate --system none      | there is no system 'none'; expected a file, such as my.yaml,"
            + " or one of",
        "validate --system ../systems/naive.yaml --fresh | --system cannot go with --sweep, --fresh",
        "validate --system ../systems/naive.yaml --kill-after 60s | --kill-after 60s is not before"
            + " the end of the load; expected less than 60s",
        "validate --system ../systems/naive.yaml --system ../systems/naive.yaml | two systems are"
            + " called naive",
        "validate --workload ../workloads/turmoil.yaml | the workload turmoil has phases, which are"
            + " for --system",
        "validate --workload ../workloads/turmoil.yaml --system ../systems/naive.yaml --rate 5 |"
            + " --rate cannot go with the phases of the workload turmoil",
        "validate --workload ../workloads/turmoil.yaml --system ../systems/naive.yaml"
            + " --bootstrap-servers localhost:1 --qdrant localhost:2 | outage of kafka: the clients"
            + " of a Kafka go to the address that it gives them",
        "validate --system ../systems/naive.yaml --rounds 0 | --rounds must be from 1 to 100",
        "validate --system ../systems/naive.yaml --shape ga4 | --system sends plain JSON",
        "validate --beside-embedded  | --beside-embedded needs --bootstrap-servers and --qdrant",
        "validate --beside-embedded --qdrant localhost:1 | --beside-embedded needs",
        "validate --beside-embedded --qdrant localhost:1 --bootstrap-servers localhost:2 --keep |"
            + " --keep is for one run",
        "validate --beside-embedded --qdrant localhost:1 --bootstrap-servers localhost:2 --sweep |"
            + " --beside-embedded cannot go with --sweep",
        "validate --sweep --workload ../workloads/sweep.yaml --fresh | --fresh, and a workload's fresh and searches, are not for a"
            + " sweep",
        "validate --workload ../workloads/searches.yaml --duration 64s --trigger 1s | searches.rates"
            + " are 3, which leaves 1333ms for each in 64s without the warm-up of 60s; expected 2s"
            + " or more",
        "validate --products-in mine | --products-in is for a Qdrant of your own",
        "validate --products-in a/b --qdrant localhost:1 | --products-in 'a/b' is no name",
        "validate --beside-embedded --qdrant localhost:1 --bootstrap-servers localhost:2 --rounds"
            + " 0 | --rounds must be from 1 to 100, but is 0",
        "validate --beside-embedded --qdrant localhost:1 --bootstrap-servers localhost:2 --report"
            + " / | --report / cannot be written",
        "validate --rounds 2         | --rounds is for --beside-embedded",
        "validate --report r.html    | --report is for --beside-embedded",
        "validate --min-rate 0       | --min-rate must be above 0",
        "validate --qdrant localhost | --qdrant 'localhost' is not an address; expected host:port",
        "run --set qdrant.ca_certificate=ca.pem | qdrant.ca_certificate: is for TLS only; expected"
            + " qdrant.tls: true with it",
        "run --set kafka.properties_file=no.properties | kafka.properties_file: 'no.properties' is"
            + " not there; expected Kafka client settings",
        "search boots --set qdrant.tls=true --set qdrant.ca_certificate=no.pem |"
            + " qdrant.ca_certificate: 'no.pem' cannot be read; expected a PEM file",
        "validate --set kafka.properties_file=no.properties | 'no.properties' is not there",
        "generate --to kafka --kafka-properties no.properties | --kafka-properties 'no.properties'"
            + " is not there; expected Kafka client settings",
        "evaluate --weights 5:3:2   | --weights has '5:3:2', expected six numbers from -100 to 100"
            + " with colons between",
        "evaluate --weights 5:3:2:1:1:x | --weights has '5:3:2:1:1:x', expected six numbers",
        "evaluate --diversity 0,1.1  | --diversity is 1.1, expected 0 to 1",
        "evaluate --popularity -1    | --popularity is -1.0, expected 0 to 1",
        "evaluate --half-life 7      | '7' is not a duration",
        "evaluate --users 1          | --users must be 2 or more, but is 1",
        "evaluate --catalog missing.csv | missing.csv",
        "evaluate --drift 2          | drift must be from 0 to 1, but is 2.0",
        "evaluate --hold-out monday  | --hold-out: 'monday' does not say what to hold out; expected session",
        "evaluate --hold-out 1.5     | is 1.5, expected more than 0 and less than 1",
        "evaluate --events log.jsonl --users 5 | --users is for a simulated shop, but --events gives a log",
        "evaluate --events missing.jsonl | missing.jsonl",
        "evaluate --mapping ga4      | --mapping is for --events, expected --events FILE with it",
        "evaluate --length 0         | --length must be 1 or more, but is 0",
        "baseline --events 0         | --events must be from 1 to 100000, but is 0",
        "baseline --rounds 200000    | --rounds must be from 1 to 100000, but is 200000",
        "baseline --json /           | --json / cannot be written",
        "baseline --set embedding.batch_size=0 | embedding.batch_size: '0' must be greater than or"
            + " equal to 1",
        "recommend --user ada --diversity 2 | --diversity is 2.0, expected 0 to 1",
        "recommend --user ada --trending | mutually exclusive",
        "services --qdrant-port -1   | --qdrant-port must be from 0 to 65535",
        "serve --set http.port=70000 | http.port: '70000' must be less than or equal to 65535",
        "serve --set http.host=0.0.0.0 | http.host: '0.0.0.0' can be reached from other machines,"
            + " and there is no token; expected http.token or http.token_file",
        "run --set http.host=0.0.0.0 | http.host: '0.0.0.0' can be reached from other machines",
        "serve --set http.token_file=no.txt | http.token_file: 'no.txt' cannot be read; expected a"
            + " text file",
        "dead-letter list --reason rude    | 'rude' is not a reason; expected one of empty,"
            + " invalid_utf8",
        "dead-letter list --limit -1       | --limit is -1, expected 0 to 100000",
        "dead-letter replay --since never  | 'never' is no time; expected ISO-8601 with an offset",
        "dead-letter replay --from-offset 2 --to-offset 1 | --from-offset 2 is after --to-offset 1",
        "demo --delimiter tab        | expected --catalog FILE",
        "evaluate --decimal-mark dot | expected point or comma",
        "catalog load x.csv --delimiter ;; | expected comma, semicolon, tab, pipe, or one character",
        "catalog load x.csv --column sku=x | 'sku' is nothing of a product",
        "nonsense                    | nonsense"
      })
  void is_answered_with_status_2_and_one_line(String arguments, String expected) {
    int status = run(arguments.split(" +"));

    assertThat(firstLine()).contains(expected);
    assertThat(err.toString()).doesNotContain("\tat ", "Exception");
    assertThat(status).isEqualTo(2);
  }

  @Test
  void a_catalogue_without_a_needed_column_is_refused_naming_it() throws IOException {
    Path csv =
        Files.writeString(folder.resolve("p.csv"), "id,name,description,category\n1,a,b,c\n");

    assertThat(run("demo", "--catalog", csv.toString())).isEqualTo(2);
    assertThat(firstLine()).contains("price").contains("p.csv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--kafka-port", "--qdrant-port"})
  void a_taken_port_is_named_with_the_option_that_changes_it(String option) throws IOException {
    String other = option.equals("--kafka-port") ? "--qdrant-port" : "--kafka-port";
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = String.valueOf(taken.getLocalPort());
      int status =
          run("services", "--data", folder.resolve("d").toString(), option, port, other, "0");

      assertThat(firstLine()).contains("port " + port + " is taken").contains(option + " PORT");
      assertThat(status).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "run"})
  void a_taken_port_of_the_api_is_told_at_once(String command) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int status = run(command, "--set", "http.port=" + taken.getLocalPort());

      assertThat(err.toString().lines())
          .singleElement()
          .asString()
          .startsWith("http.port: port %d of 127.0.0.1 is taken".formatted(taken.getLocalPort()));
      assertThat(status).isEqualTo(1);
    }
  }

  @Test
  void a_data_folder_with_other_things_is_refused() throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "years of work");

    assertThat(run("demo", "--data", folder.toString())).isEqualTo(1);
    assertThat(firstLine()).contains(folder.toString()).contains("holds other things");
    assertThat(folder.resolve("thesis.txt")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "validate",
        "services",
        "run",
        "serve",
        "search",
        "recommend",
        "evaluate",
        "baseline",
        "generate",
        "dead-letter",
        "dead-letter list",
        "dead-letter replay"
      })
  void every_command_has_help(String command) {
    assertThat(run((command + " --help").split(" "))).isEqualTo(CommandLine.ExitCode.OK);
    assertThat(out.toString()).contains("Usage: vectorstream " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "demo --version", "dead-letter list --version"})
  void the_version_is_told(String arguments) {
    assertThat(run(arguments.split(" "))).isEqualTo(CommandLine.ExitCode.OK);
    assertThat(out.toString()).startsWith("vectorstream ").contains("Java ");
  }
}
