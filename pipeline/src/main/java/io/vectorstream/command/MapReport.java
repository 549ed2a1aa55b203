package io.vectorstream.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.mapping.DryRun;
import io.vectorstream.process.Printable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** The result of a dry run of a mapping, for people or as JSON. */
final class MapReport {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The records whose events are shown, and those whose reason is. */
  private static final int SHOWN = 10;

  private MapReport() {}

  static void print(PrintWriter out, DryRun run) {
    out.printf(
        "%,d records: %,d events, %,d dead letters, %,d records left out%n",
        run.results().size(),
        run.events(),
        run.deadLetters().values().stream().mapToInt(Integer::intValue).sum(),
        run.skipped());
    printEvents(out, run);
    printLetters(out, run);
    printCounts(out, "Left out, and in how many records:", run.leftOut());
    printCounts(out, "Fields that are not used, and in how many records:", run.unusedFields());
    out.flush();
  }

  private static void printEvents(PrintWriter out, DryRun run) {
    if (run.events() > 0) {
      out.printf("%nEvents:%n");
      run.results().stream()
          .filter(result -> !result.events().isEmpty())
          .limit(SHOWN)
          .forEach(
              result ->
                  result
                      .events()
                      .forEach(
                          event ->
                              out.printf(
                                  "  %s: %s%n", result.place(), Printable.text(text(event)))));
    }
  }

  private static void printLetters(PrintWriter out, DryRun run) {
    if (!run.deadLetters().isEmpty()) {
      out.printf("%nDead letters:%n");
      run.deadLetters().forEach((reason, count) -> out.printf("  %,d %s%n", count, reason));
      run.results().stream()
          .filter(result -> result.letter() != null)
          .limit(SHOWN)
          .forEach(
              result ->
                  out.printf(
                      "  %s: %s: %s%n",
                      result.place(),
                      result.letter().reason(),
                      Printable.text(result.letter().detail())));
    }
  }

  private static void printCounts(PrintWriter out, String title, Map<String, Integer> counts) {
    if (!counts.isEmpty()) {
      out.printf("%n%s%n", title);
      counts.forEach((name, count) -> out.printf("  %s: %,d%n", Printable.text(name), count));
    }
  }

  static void printJson(PrintWriter out, DryRun run) {
    ObjectNode json = JSON.createObjectNode();
    json.put("records", run.results().size()).put("events", run.events());
    json.put("skipped", run.skipped());
    json.set("dead_letters", JSON.valueToTree(run.deadLetters()));
    ArrayNode results = json.putArray("results");
    run.results().forEach(result -> results.add(json(result)));
    json.set("left_out", JSON.<ObjectNode>valueToTree(run.leftOut()));
    json.set("unused_fields", JSON.<ObjectNode>valueToTree(run.unusedFields()));
    out.println(text(json));
    out.flush();
  }

  private static ObjectNode json(DryRun.Result result) {
    ObjectNode json = JSON.createObjectNode().put("record", result.place());
    json.set("events", JSON.valueToTree(result.events()));
    DeadLetter letter = result.letter();
    if (letter != null) {
      json.set(
          "dead_letter",
          JSON.valueToTree(Map.of("reason", letter.reason(), "detail", letter.detail())));
    }
    return json.put("skipped", result.skipped());
  }

  private static String text(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
