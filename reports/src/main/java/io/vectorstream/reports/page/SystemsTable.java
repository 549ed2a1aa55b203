package io.vectorstream.reports.page;

import io.vectorstream.reports.result.RunSummary.Latency;
import io.vectorstream.reports.result.SystemsResult;
import io.vectorstream.reports.result.SystemsResult.Broken;
import io.vectorstream.reports.result.SystemsResult.Run;
import io.vectorstream.reports.result.SystemsResult.Sightings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The figures of a load on several systems: a row for each figure, a column for each system. */
final class SystemsTable {
  private static final String NONE = "–";
  private static final String NOT_PROMISED = "not promised";

  private final SystemsResult result;
  private final List<String> systems;
  private final List<Row> rows = new ArrayList<>();

  private SystemsTable(SystemsResult result) {
    this.result = result;
    this.systems = result.systems();
  }

  /**
   * A figure of each system.
   *
   * @param values in the order of the systems
   * @param best the systems with the best value; empty where all are alike, or where none is better
   */
  record Row(String name, List<String> values, List<String> best) {}

  static List<Row> of(SystemsResult result) {
    SystemsTable table = new SystemsTable(result);
    table.addAll();
    return List.copyOf(table.rows);
  }

  private void addAll() {
    rows.add(new Row("Promise", each(runs -> runs.get(0).promise().replace('_', ' ')), List.of()));
    figure("Stored", run -> run.throughputEps().stored(), Formats::rate, true);
    figure(
        "Stored, until the last one", run -> run.throughputEps().withDrain(), Formats::rate, true);
    latency("Until searchable, p50", Run::searchable, Latency::p50);
    latency("Until searchable, p99", Run::searchable, Latency::p99);
    latency("Until acknowledged, p50", Run::acknowledged, Latency::p50);
    latency("Until acknowledged, p99", Run::acknowledged, Latency::p99);
    addRecoveries();
    counts("Lost events", run -> run.events().lost());
    counts("Doubled events", run -> run.events().doubled());
    counts("Damaged events", run -> run.events().damaged());
    counts(
        "Acknowledged before stored",
        run -> run.acknowledged() == null ? null : run.events().early());
    rows.add(
        new Row(
            "Points of broken records",
            each(
                runs ->
                    Formats.count(runs.stream().mapToLong(run -> run.events().unasked()).sum())),
            List.of()));
    rows.add(new Row("Wrong sums", each(SystemsTable::sums), List.of()));
    figure("Recall of the store's search", Run::recall, Formats::fraction, true);
    figure(
        "Until ready",
        run -> run.readyS() == null ? null : 1000 * run.readyS(),
        Formats::time,
        false);
    figure(
        "Peak memory",
        run -> run.process() == null ? null : (double) run.process().peakRssMb(),
        mb -> Formats.count(mb) + " MB",
        false);
    figure(
        "Processor time",
        run -> run.process() == null ? null : 1000 * run.process().cpuS(),
        Formats::time,
        false);
    rows.add(new Row("Promises kept", each(SystemsTable::kept), List.of()));
  }

  /** Adds a latency; those of nothing are none. */
  private void latency(
      String name, Function<Run, Sightings> sightings, ToLongFunction<Latency> ms) {
    figure(
        name,
        run -> {
          Sightings some = sightings.apply(run);
          return some == null || some.watched() == some.unseen()
              ? null
              : (double) ms.applyAsLong(some.latencyMs());
        },
        Formats::time,
        false);
  }

  /** Adds a row for each kind of fault. */
  private void addRecoveries() {
    result.runs().stream()
        .flatMap(run -> run.faults().stream())
        .map(Broken::what)
        .distinct()
        .forEach(what -> rows.add(recovery(what)));
  }

  private Row recovery(String what) {
    Map<String, Double> medians = new LinkedHashMap<>();
    List<String> texts = new ArrayList<>();
    for (String system : systems) {
      List<Broken> faults =
          result.of(system).stream()
              .flatMap(run -> run.faults().stream())
              .filter(fault -> fault.what().equals(what))
              .toList();
      double[] ms =
          faults.stream()
              .filter(fault -> fault.recoveredS() != null)
              .mapToDouble(fault -> 1000 * fault.recoveredS())
              .sorted()
              .toArray();
      if (faults.isEmpty()) {
        texts.add(NONE);
      } else if (ms.length == 0) {
        texts.add("not while the load was on");
      } else if (ms.length < faults.size()) {
        texts.add(
            "%s; not after %d of %d"
                .formatted(range(ms, Formats::time), faults.size() - ms.length, faults.size()));
      } else {
        medians.put(system, median(ms));
        texts.add(range(ms, Formats::time));
      }
    }
    return new Row("Recovered, " + what, texts, best(medians, false));
  }

  private void figure(
      String name,
      Function<Run, Double> value,
      DoubleFunction<String> format,
      boolean higherIsBetter) {
    Map<String, Double> medians = new LinkedHashMap<>();
    List<String> texts = new ArrayList<>();
    for (String system : systems) {
      double[] values = values(system, value);
      if (values.length > 0) {
        medians.put(system, median(values));
      }
      texts.add(values.length == 0 ? NONE : range(values, format));
    }
    if (!medians.isEmpty()) {
      rows.add(new Row(name, texts, best(medians, higherIsBetter)));
    }
  }

  /** Adds a sum over all rounds, of which less is better. */
  private void counts(String name, Function<Run, Long> value) {
    Map<String, Double> sums = new LinkedHashMap<>();
    List<String> texts = new ArrayList<>();
    for (String system : systems) {
      double[] values =
          values(system, run -> value.apply(run) == null ? null : value.apply(run).doubleValue());
      if (values.length > 0) {
        sums.put(system, Arrays.stream(values).sum());
      }
      texts.add(values.length == 0 ? NONE : Formats.count(Arrays.stream(values).sum()));
    }
    rows.add(new Row(name, texts, best(sums, false)));
  }

  private double[] values(String system, Function<Run, Double> value) {
    return result.of(system).stream()
        .map(value)
        .filter(each -> each != null && Double.isFinite(each))
        .mapToDouble(Double::doubleValue)
        .sorted()
        .toArray();
  }

  private List<String> each(Function<List<Run>, String> text) {
    return systems.stream().map(system -> text.apply(result.of(system))).toList();
  }

  private static String sums(List<Run> runs) {
    List<SystemsResult.Sums> sums =
        runs.stream().map(Run::sums).filter(each -> each != null).toList();
    return sums.isEmpty()
        ? NOT_PROMISED
        : "%s of %s"
            .formatted(
                Formats.count(sums.stream().mapToLong(SystemsResult.Sums::wrong).sum()),
                Formats.count(sums.stream().mapToLong(SystemsResult.Sums::checked).sum()));
  }

  private static String kept(List<Run> runs) {
    long all = runs.stream().mapToLong(run -> run.targets().size()).sum();
    long kept =
        runs.stream().flatMap(run -> run.targets().stream()).filter(target -> target.met()).count();
    return all == 0 ? NOT_PROMISED : "%d of %d".formatted(kept, all);
  }

  /** Returns the systems with the best value, if another one has a worse one. */
  private static List<String> best(Map<String, Double> values, boolean higherIsBetter) {
    double best =
        values.values().stream()
            .mapToDouble(value -> higherIsBetter ? value : -value)
            .max()
            .orElse(Double.NaN);
    List<String> names =
        values.entrySet().stream()
            .filter(entry -> (higherIsBetter ? entry.getValue() : -entry.getValue()) == best)
            .map(Map.Entry::getKey)
            .toList();
    return names.size() == values.size() ? List.of() : names;
  }

  /** Returns the median, and of several rounds also the lowest and the highest value. */
  private static String range(double[] sorted, DoubleFunction<String> format) {
    String middle = format.apply(median(sorted));
    return sorted.length == 1 || sorted[0] == sorted[sorted.length - 1]
        ? middle
        : "%s (%s to %s)"
            .formatted(middle, format.apply(sorted[0]), format.apply(sorted[sorted.length - 1]));
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Says for each figure in which systems differ which one is the best. */
  static List<String> wins(SystemsResult result) {
    Map<String, List<String>> figures = new LinkedHashMap<>();
    for (Row row : of(result)) {
      if (row.best().size() == 1) {
        figures
            .computeIfAbsent(row.best().get(0), system -> new ArrayList<>())
            .add(row.name().toLowerCase(Locale.ROOT));
      }
    }
    return figures.entrySet().stream()
        .map(
            entry ->
                "%s has the best figure in: %s."
                    .formatted(entry.getKey(), String.join(", ", entry.getValue())))
        .toList();
  }

  /** Returns the table for a terminal, with a line break at the end. */
  static String text(SystemsResult result) {
    String line = "%-31s" + "%-30s".repeat(result.systems().size());
    return lines(line, result).stream().collect(Collectors.joining("\n", "\n", "\n\n"));
  }

  private static List<String> lines(String format, SystemsResult result) {
    List<String> lines = new ArrayList<>();
    lines.add(line(format, "", result.systems()));
    of(result).forEach(row -> lines.add(line(format, row.name(), row.values())));
    lines.addAll(wins(result));
    for (Run run : result.runs()) {
      run.doubts()
          .forEach(doubt -> lines.add("In doubt, %s: %s".formatted(result.nameOf(run), doubt)));
    }
    return lines;
  }

  private static String line(String format, String name, List<String> values) {
    List<Object> all = new ArrayList<>(List.of(name));
    all.addAll(values);
    return String.format(Locale.ROOT, format, all.toArray()).stripTrailing();
  }
}
