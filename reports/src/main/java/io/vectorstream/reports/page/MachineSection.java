package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Section.Block;
import io.vectorstream.reports.page.Table.Column;
import io.vectorstream.reports.result.Machine;
import io.vectorstream.reports.result.Result;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The section about the machine, the versions, and the files of the report. */
final class MachineSection {
  private MachineSection() {}

  static Section of(Report report) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(Block.table("Machine", machineText(report), machines(report)));
    blocks.add(Block.table("Versions", null, versions(report)));
    blocks.add(Block.table("Files", null, files(report)));
    List<ResultKind> missing =
        Arrays.stream(ResultKind.values())
            .filter(kind -> kind.source().isPresent())
            .filter(kind -> report.files().stream().noneMatch(f -> f.result().kind() == kind))
            .toList();
    if (!missing.isEmpty()) {
      Table.Builder table =
          Table.of("What is not in this report", Column.text("Missing"), Column.text("Made by"));
      missing.forEach(kind -> table.row(kind.words(), kind.source().orElseThrow()));
      blocks.add(Block.table("Not in this report", null, table.build()));
    }
    return new Section(
        "machine",
        "Machine and versions",
        "Absolute figures move with the machine; ratios less so.",
        blocks);
  }

  private static String machineText(Report report) {
    return report.machines().size() > 1
        ? "The results come from more than one machine: figures of different files cannot be held"
            + " against each other."
        : null;
  }

  private static Table machines(Report report) {
    Table.Builder table =
        Table.of(
            "Machines",
            Column.text("CPU"),
            Column.number("Cores"),
            Column.number("Memory"),
            Column.text("Operating system"),
            Column.text("Java"));
    for (Machine machine : report.machines()) {
      table.row(
          recorded(machine.cpu()),
          Integer.toString(machine.cores()),
          Formats.number(machine.memoryMb() / 1024.0) + " GB",
          recorded(machine.os()),
          recorded(machine.jvm()));
    }
    if (report.machines().isEmpty()) {
      table.row(Formats.NOT_RECORDED, "–", "–", "–", "–");
    }
    return table.build();
  }

  private static Table versions(Report report) {
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, Set<String>> versions = new LinkedHashMap<>();
    for (ResultFile file : report.files()) {
      file.result()
          .software()
          .forEach(
              (name, version) -> {
                // One program writes Spark where another writes spark.
                String key = names.computeIfAbsent(name.toLowerCase(Locale.ROOT), lower -> name);
                versions.computeIfAbsent(key, first -> new LinkedHashSet<>()).add(version);
              });
    }
    Table.Builder table = Table.of("Versions", Column.text("Component"), Column.text("Version"));
    versions.forEach((name, all) -> table.row(name, String.join("; ", all)));
    if (versions.isEmpty()) {
      table.row(Formats.NOT_RECORDED, "");
    }
    return table.build();
  }

  private static Table files(Report report) {
    Table.Builder table =
        Table.of(
            "Files that this report is made of",
            Column.text("File"),
            Column.text("Kind"),
            Column.text("Measured"));
    for (ResultFile file : report.files()) {
      Result result = file.result();
      table.row(
          file.name(),
          result.kind().words(),
          result.measuredAt().map(Formats::minute).orElse(Formats.NOT_RECORDED));
    }
    return table.build();
  }

  private static String recorded(String text) {
    return text == null ? Formats.NOT_RECORDED : text;
  }
}
