package io.vectorstream.it.rapids;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vectorstream.it.rapids.ExplainedPlan.Line;
import io.vectorstream.it.rapids.ExplainedPlan.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Plans as a table: each operator with its expressions, on the GPU or not, and why not. */
record PlanTable(List<Entry> entries) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Columns and constants, which do not run on their own. */
  private static final Set<String> NO_WORK = Set.of("AttributeReference", "Literal");

  /**
   * @param expression the class in Spark; empty where it is about the operator itself
   * @param times how often the operator has it, on that place and for that reason
   */
  record Entry(String operator, String expression, int times, Place place, String why) {}

  /**
   * @param plans in the order in which data goes through them
   */
  static PlanTable of(List<ExplainedPlan> plans) {
    List<Entry> entries = new ArrayList<>();
    plans.forEach(plan -> perOperator(plan).forEach(lines -> entries.addAll(entries(lines))));
    return new PlanTable(entries);
  }

  /** The lines of one operator each, in the order in which data goes through them. */
  private static List<List<Line>> perOperator(ExplainedPlan plan) {
    List<List<Line>> operators = new ArrayList<>();
    for (Line line : plan.lines()) {
      if (line.isOperator()) {
        operators.add(new ArrayList<>());
      }
      operators.get(operators.size() - 1).add(line);
    }
    Collections.reverse(operators);
    return operators;
  }

  private static List<Entry> entries(List<Line> lines) {
    Map<Entry, Integer> times = new LinkedHashMap<>();
    boolean onCpu = lines.get(0).place() == Place.CPU;
    for (Line line : lines) {
      if (NO_WORK.contains(line.name())) {
        continue;
      }
      String expression = line.isOperator() ? "" : line.name();
      // An expression runs where its operator does.
      Place place = onCpu ? Place.CPU : line.place();
      String why = place == Place.CPU && line.why().isEmpty() ? "its operator is" : line.why();
      Entry once = new Entry(line.operator(), expression, 1, place, why);
      times.merge(once, 1, Integer::sum);
    }
    return times.entrySet().stream()
        .map(
            entry ->
                new Entry(
                    entry.getKey().operator(),
                    entry.getKey().expression(),
                    entry.getValue(),
                    entry.getKey().place(),
                    entry.getKey().why()))
        .toList();
  }

  void write(Path folder, String title) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("rapids-plan.json"), JSON.writeValueAsString(entries));
    Files.writeString(folder.resolve("rapids-plan.md"), title + "\n\n" + markdown());
  }

  String markdown() {
    return entries.stream()
        .map(
            entry ->
                "| %s | %s | %d | %s | %s |"
                    .formatted(
                        entry.expression().isEmpty() ? "**" + entry.operator() + "**" : "",
                        entry.expression(),
                        entry.times(),
                        switch (entry.place()) {
                          case GPU -> "GPU";
                          case BRIDGE -> "CPU, from a GPU operator";
                          case CPU -> "CPU";
                        },
                        entry.why().replace("|", "\\|")))
        .collect(
            Collectors.joining(
                "\n",
                "| operator | expression | times | on | why |\n| --- | --- | --- | --- | --- |\n",
                "\n"));
  }
}
