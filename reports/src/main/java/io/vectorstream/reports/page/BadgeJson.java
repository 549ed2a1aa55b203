package io.vectorstream.reports.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The outcome of a report for a badge, in the form of shields.io's endpoint. */
public final class BadgeJson {
  private BadgeJson() {}

  public static String of(Report report) {
    TargetCounts counts = TargetCounts.of(report);
    ObjectNode badge = new ObjectMapper().createObjectNode();
    badge.put("schemaVersion", 1);
    badge.put("label", "targets");
    badge.put("message", message(counts));
    badge.put("color", color(counts));
    return badge.toPrettyString() + "\n";
  }

  private static String message(TargetCounts counts) {
    if (counts.missed() > 0) {
      return "%d of %d missed".formatted(counts.missed(), counts.all());
    }
    if (counts.met() == 0) {
      return "not measured";
    }
    return "%d of %d met".formatted(counts.met(), counts.all());
  }

  private static String color(TargetCounts counts) {
    if (counts.missed() > 0) {
      return "red";
    }
    if (counts.met() == 0) {
      return "lightgrey";
    }
    return counts.notMeasured() > 0 ? "yellowgreen" : "brightgreen";
  }
}
