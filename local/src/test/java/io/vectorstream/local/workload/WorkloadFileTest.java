package io.vectorstream.local.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.SettingsException;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.local.probe.FreshPlan;
import io.vectorstream.local.probe.SearchKind;
import io.vectorstream.local.probe.SearchPlan;
import io.vectorstream.local.registry.EventFormat;
import io.vectorstream.local.run.Preload;
import io.vectorstream.local.run.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadFileTest {
  private static final Path BUNDLED = Path.of("../workloads");

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("w.yaml"), text);
  }

  @Test
  void every_field_is_read() throws IOException {
    Workload workload =
        WorkloadFile.read(
            file(
                """
                name: all
                description: Everything.
                rate: max
                duration: 2m
                warmup: 30s
                min_rate: 1500.5
                products: 7
                users: 8
                skew: 1.5
                malformed: 0.1
                duplicates: 0.2
                late: 0.3
                changing: 0.4
                shape: ga4
                format: json_schema
                seed: 9000000000
                partitions: 3
                trigger: 500ms
                cores: 2
                sweep:
                  warmup: 45s
                  tolerance: 0.05
                  rates: 4
                  confirm: 1m
                  products: [1, 2]
                  partitions: [3]
                  trigger: [1s, 250ms]
                  cores:
                preload: made_up
                fresh: {click: 300ms, product: 10s}
                searches:
                  kinds:
                    - {kind: text, share: 2}
                    - kind: vector
                  rates: [10, 20.5]
                  p99: 50ms
                  up_to: 15
                  recall: 0.95
                """));

    assertThat(workload)
        .isEqualTo(
            new Workload(
                "all",
                "Everything.",
                Rate.MAX,
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                1500.5,
                7,
                8,
                1.5,
                0.1,
                0.2,
                0.3,
                0.4,
                RecordShape.GA4,
                EventFormat.JSON_SCHEMA,
                9_000_000_000L,
                3,
                Duration.ofMillis(500),
                2,
                new SweepSettings(
                    Duration.ofSeconds(45),
                    0.05,
                    4,
                    Duration.ofMinutes(1),
                    List.of(1, 2),
                    List.of(3),
                    List.of(Duration.ofSeconds(1), Duration.ofMillis(250)),
                    List.of()),
                Preload.MADE_UP,
                new FreshPlan(Duration.ofMillis(300), null, Duration.ofSeconds(10)),
                new SearchPlan(
                    List.of(
                        new SearchPlan.Share(SearchKind.TEXT, 2.0),
                        new SearchPlan.Share(SearchKind.VECTOR, null)),
                    List.of(10.0, 20.5),
                    Duration.ofMillis(50),
                    15.0,
                    0.95),
                List.of()));
    assertThat(workload.settings())
        .containsExactly(
            "kafka.mapping=ga4",
            "kafka.partitions=3",
            "stream.trigger=500ms",
            "spark.master=local[2]",
            "embedding.threads=2");
  }

  @Test
  void searches_are_by_text_where_no_kind_is_named() throws IOException {
    Workload workload = WorkloadFile.read(file("name: short\nsearches: {rates: [5]}\n"));

    assertThat(workload.searches().kinds())
        .containsExactly(new SearchPlan.Share(SearchKind.TEXT, null));
    assertThat(workload.over(Workload.defaults()).searches().rates()).containsExactly(5.0);
    assertThat(workload.over(Workload.defaults()).preload()).isEqualTo(Preload.NONE);
  }

  @Test
  void what_is_left_out_is_left_to_others() throws IOException {
    Workload workload = WorkloadFile.read(file("name: short\nusers: 5\nrate:\n"));

    assertThat(workload.rate()).isNull();
    assertThat(workload.settings()).isEmpty();
    assertThat(workload.over(Workload.defaults()).users()).isEqualTo(5);
    assertThat(workload.over(Workload.defaults()).products()).isEqualTo(2000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "rate: fast          | :2: rate: 'fast' is not a rate; expected events per second",
        "rate: 0             | :2: rate: '0' is not a rate",
        "rate: [1, 2]        | :2: rate: expected a single value, not a list or a group",
        "duration: 60        | :2: duration: '60' is not a duration; expected a number and a unit",
        "duration: 0s        | :2: duration: '0s' must be 1ms or longer",
        "products: many      | :2: products: 'many' is not a whole number",
        "products: 0         | :2: products: '0' must be 1 or more",
        "products: 1.5       | :2: products: '1.5' is not a whole number",
        "partitions: 10001   | :2: partitions: '10001' must be from 1 to 10000",
        "skew: -1            | :2: skew: '-1' must be from 0 to 10",
        "malformed: 2        | :2: malformed: '2' must be from 0 to 1",
        "malformed: NaN      | :2: malformed: 'NaN' must be from 0 to 1",
        "malformed: 0.e2     | :2: malformed: '0.e2' is not a number; expected one such as 1.5",
        "min_rate: 0         | :2: min_rate: '0' must be above 0",
        "cores: 0            | :2: cores: '0' must be from 1 to 1024",
        "prodcuts: 5         | :2: prodcuts is no field of a workload; expected one of changing,"
            + " cores, description, duplicates",
        "name: twice         | :2: name is given twice",
        "sweep: 5            | :2: sweep: expected its fields, indented below it",
        "sweep: {rates: 3}   | :2: sweep.warmup is missing",
        "sweep: {cores: 4}   | :2: sweep.cores: expected a list, such as [1, 2]",
        "sweep: {cores: [x]} | :2: sweep.cores: 'x' is not a whole number",
        "sweep: {cores: [2, 0]} | :2: sweep.cores: '0' must be from 1 to 1024",
        "sweep: {trigger: [1s, 0s]} | :2: sweep.trigger: '0s' must be 1ms or longer",
        "sweep: {rates: 0}   | :2: sweep.rates: '0' must be from 1 to 50",
        "preload: some       | :2: preload: 'some' is unknown; expected none or embedded or made_up",
        "fresh: {click: 0s}  | :2: fresh.click: '0s' must be 1ms or longer",
        "searches: {rates: []} | :2: searches.rates: '[]' must name a rate",
        "searches: {p99: 50ms} | :2: searches.rates is missing",
        "searches: {rates: } | :2: searches.rates is missing",
        "searches: {rates: [1, 0]} | :2: searches.rates: '0' must be above 0",
        "searches: {rates: [1], recall: 2} | :2: searches.recall: '2' must be from 0 to 1",
        "searches: {rates: [1], kinds: [{share: 1}]} | :2: searches.kinds.kind is missing",
        "searches: {rates: [1], kinds: [{kind: sound}]} | :2: searches.kinds.kind: 'sound' is"
            + " unknown; expected text or events or vector or similar or user",
        "sweep: {size: 4}    | :2: sweep.size is no field of a workload; expected one of confirm,"
            + " cores, partitions"
      })
  void what_is_wrong_is_said_with_its_line_and_what_was_expected(String line, String expected)
      throws IOException {
    Path file = file("name: wrong\n" + line + "\n");

    assertThatThrownBy(() -> WorkloadFile.read(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(file + expected);
  }

  @Test
  void everything_that_is_wrong_is_said_at_once() throws IOException {
    Path file = file("rate: fast\nusers: none\n");

    assertThatThrownBy(() -> WorkloadFile.read(file))
        .hasMessageContaining("name is missing")
        .hasMessageContaining("rate: 'fast'")
        .hasMessageContaining("users: 'none'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "- 1          | expected the fields of a workload, such as rate: 1000",
        "name: [      | is not YAML",
        "\"\"         | expected the fields of a workload"
      })
  void what_is_no_workload_is_refused(String text, String expected) throws IOException {
    Path file = file(text);

    assertThatThrownBy(() -> WorkloadFile.read(file)).hasMessageContaining(expected);
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatThrownBy(() -> WorkloadFile.find("no/such.yaml"))
        .isInstanceOf(SettingsException.class)
        .hasMessage("no/such.yaml: no such workload file");
  }

  static Stream<Path> bundled() throws IOException {
    return Files.list(BUNDLED).filter(file -> file.toString().endsWith(".yaml"));
  }

  @ParameterizedTest
  @MethodSource("bundled")
  void a_workload_of_the_project_can_be_read_and_has_the_name_of_its_file(Path file) {
    assertThat(WorkloadFile.read(file).name() + ".yaml").isEqualTo(file.getFileName().toString());
  }
}
