package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlRecordsTest {

  enum Shape {
    STEADY,
    RISING
  }

  record Group(@NotNull String name, @Range(max = 1, message = "must be a share") Double share) {}

  record Phase(
      @NotNull @PositiveDuration Duration lasts,
      Shape shape,
      @Valid Group main,
      List<@Valid Group> userGroups) {}

  record Plan(
      @NotEmpty(message = "must name a phase") List<@Valid Phase> phases,
      List<Shape> shapes,
      Map<String, String> labels,
      Boolean dry) {}

  @TempDir Path folder;

  private Plan read(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("plan.yaml"), yaml);
    return YamlRecords.read(file, "plan", "dry: true", Plan.class);
  }

  @Test
  void lists_of_records_with_lists_of_records_are_read() throws IOException {
    Plan plan =
        read(
            """
            phases:
              - lasts: 10s
                user_groups:
                  - {name: few, share: 0.1}
                  - name: many
              - lasts: 1m
                shape: rising
                main.name: all
            shapes: [STEADY, rising]
            labels:
              made.by: hand
            dry: true
            """);

    assertThat(plan)
        .isEqualTo(
            new Plan(
                List.of(
                    new Phase(
                        Duration.ofSeconds(10),
                        null,
                        null,
                        List.of(new Group("few", 0.1), new Group("many", null))),
                    new Phase(
                        Duration.ofMinutes(1), Shape.RISING, new Group("all", null), List.of())),
                List.of(Shape.STEADY, Shape.RISING),
                Map.of("made.by", "hand"),
                true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "phases: [{lasts: 1s}, {lasts: soon}] | phases.lasts: 'soon' is not a duration; expected a"
            + " number and a unit such as 250ms, 10s, 5m",
        "phases: [{shape: steady}] | phases.lasts is missing",
        "phases: [5] | phases: expected its fields, indented below it",
        "phases: [~] | phases: expected a value after each dash or comma",
        "phases: 5 | phases: expected a list, each item after a dash",
        "phases: [] | phases: '[]' must name a phase",
        "phases: [{lasts: 1s, lasts: 2s}] | phases.lasts is given twice; first on line 2",
        "phases: [{lasts: 1s, last: 2s}] | phases.last is no field of a plan; expected one of lasts,"
            + " main, shape, user_groups",
        "phases: [{lasts: 1s, main.share: 1}] | phases.main.name is missing",
        "phases: [{lasts: 1s, user_groups: [{name: a, share: 1}, {name: b, share: 2}]}] |"
            + " phases.user_groups.share: '2' must be a share",
        "phases.lasts: 1s | phases.lasts is no field of a plan; expected one of dry, labels,"
            + " phases, shapes",
        "{phases: [{lasts: 1s}], shapes: [[1], round, STEADY]} | shapes: expected a single value,"
            + " not a list or a group",
        "{phases: [{lasts: 1s}], shapes: [[1], round, STEADY]} | shapes: 'round' is unknown;"
            + " expected steady or rising",
        "{phases: [{lasts: 1s}], dry: perhaps} | dry: 'perhaps' is neither true nor false",
        "{phases: [{lasts: 1s}], dry: 'null'} | dry: 'null' is neither true nor false",
      })
  void what_is_wrong_in_a_list_is_said_with_its_line(String yaml, String expected) {
    assertThatThrownBy(() -> read("\n" + yaml + "\n"))
        .isInstanceOf(SettingsException.class)
        .message()
        .satisfies(
            message ->
                assertThat(message.lines())
                    .contains(folder.resolve("plan.yaml") + ":2: " + expected));
  }

  @Test
  void what_is_wrong_is_said_once() {
    assertThatThrownBy(() -> read("phases: [{lasts: [1s]}, {lasts: 5}]\n"))
        .message()
        .satisfies(message -> assertThat(message.lines()).hasSize(2));
  }
}
