package io.vectorstream.reports.page;

import io.vectorstream.reports.compare.Comparison;
import io.vectorstream.reports.compare.PairedComparison;
import io.vectorstream.reports.result.AgainstResult;
import io.vectorstream.reports.result.BesideResult;
import io.vectorstream.reports.result.Machine;
import io.vectorstream.reports.result.Result;
import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.SearchLoadResult;
import io.vectorstream.reports.result.SweepResult;
import io.vectorstream.reports.result.SystemsResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The content of a report.
 *
 * @param comparison with earlier results; empty where none were given
 * @param paired with results that were measured in turns with these; empty where none were given
 */
public record Report(
    Instant generatedAt,
    List<ResultFile> files,
    Optional<Comparison> comparison,
    Optional<PairedComparison> paired) {

  public Report(Instant generatedAt, List<ResultFile> files, Optional<Comparison> comparison) {
    this(generatedAt, files, comparison, Optional.empty());
  }

  /** Returns the report of one result, with nothing to compare it with. */
  public static Report of(ResultFile file) {
    return new Report(Instant.now(), List.of(file), Optional.empty());
  }

  /**
   * @param name differs from that of any other of its kind in the report
   */
  record Named<R>(String name, R result) {}

  /**
   * @param run the name of the run that the target is for
   */
  record NamedTarget(String run, Target target) {}

  /**
   * The highest rate that was sustained.
   *
   * @param where how it was found, as text
   */
  record Highest(double eventsPerSecond, RunSummary run, String where) {}

  <R extends Result> List<Named<R>> all(Class<R> type) {
    List<Named<R>> named = new ArrayList<>();
    Map<String, Integer> times = new HashMap<>();
    for (ResultFile file : files) {
      if (type.isInstance(file.result())) {
        String name = name(file);
        int time = times.merge(name, 1, Integer::sum);
        named.add(
            new Named<>(
                time == 1 ? name : "%s (%d)".formatted(name, time), type.cast(file.result())));
      }
    }
    return named;
  }

  private static String name(ResultFile file) {
    return file.result() instanceof RunSummary run && run.workload() != null
        ? run.workload()
        : file.stem();
  }

  /**
   * Returns the comparisons in pairs: that with a baseline, and one for each load on two builds.
   */
  List<Named<PairedComparison>> pairedComparisons() {
    List<Named<PairedComparison>> all = new ArrayList<>();
    paired.ifPresent(given -> all.add(new Named<>("Against the baseline", given)));
    double tolerance = paired.map(PairedComparison::tolerance).orElse(PairedComparison.TOLERANCE);
    for (Named<AgainstResult> each : all(AgainstResult.class)) {
      all.add(
          new Named<>(
              "%s: this build against %s".formatted(each.name(), each.result().other()),
              PairedComparison.of(each.result(), tolerance)));
    }
    return all;
  }

  /** Says whether a figure is worse in pairs. */
  public boolean hasPairedRegression() {
    return pairedComparisons().stream().anyMatch(each -> each.result().hasRegression());
  }

  /** Returns the runs of this build in a load on two builds; the other one is not judged. */
  private Stream<Named<RunSummary>> runsAgainst() {
    return all(AgainstResult.class).stream()
        .flatMap(
            against ->
                against.result().runs().stream()
                    .filter(run -> run.build().equals(AgainstResult.THIS))
                    .map(
                        run ->
                            new Named<>(
                                "%s, pair %d".formatted(against.name(), run.pair()),
                                run.summary())));
  }

  /** Returns the runs of a load on embedded and on real services. */
  List<Named<RunSummary>> runsOf(Named<BesideResult> beside) {
    String file = all(BesideResult.class).size() == 1 ? "" : beside.name() + ", ";
    return beside.result().runs().stream()
        .map(run -> new Named<>(file + beside.result().nameOf(run), run.summary()))
        .toList();
  }

  /** Returns the runs to show in detail: those given, and of each sweep the best. */
  List<Named<RunSummary>> runs() {
    return Stream.concat(runsAlone().stream(), runsBeside()).toList();
  }

  private Stream<Named<RunSummary>> runsBeside() {
    return all(BesideResult.class).stream().flatMap(beside -> runsOf(beside).stream());
  }

  /** Returns the runs to show in detail that are not part of a load on two kinds of services. */
  List<Named<RunSummary>> runsAlone() {
    List<Named<RunSummary>> runs = new ArrayList<>(all(RunSummary.class));
    for (Named<SweepResult> sweep : all(SweepResult.class)) {
      sweep
          .result()
          .best()
          .ifPresent(
              best ->
                  runs.add(
                      new Named<>(
                          "%s, best: %s".formatted(sweep.name(), best.name()), best.summary())));
    }
    return runs;
  }

  /**
   * Returns the targets of the runs given, of sweeps, of the search loads of earlier versions, and
   * what other systems promise. A sweep also tries rates that are too high, so only its best run
   * counts.
   */
  List<NamedTarget> targets() {
    List<NamedTarget> targets = new ArrayList<>();
    List<Named<RunSummary>> given = given();
    for (Named<RunSummary> run : given.isEmpty() ? runs() : given) {
      run.result().targets().forEach(target -> targets.add(new NamedTarget(run.name(), target)));
    }
    for (Named<SweepResult> sweep : all(SweepResult.class)) {
      sweep
          .result()
          .targets()
          .forEach(target -> targets.add(new NamedTarget(sweep.name(), target)));
    }
    for (Named<SearchLoadResult> load : all(SearchLoadResult.class)) {
      load.result().targets().forEach(target -> targets.add(new NamedTarget(load.name(), target)));
    }
    for (Named<SystemsResult> systems : all(SystemsResult.class)) {
      for (SystemsResult.Run run : systems.result().runs()) {
        String name = systems.result().nameOf(run);
        run.targets().forEach(target -> targets.add(new NamedTarget(name, target)));
      }
    }
    return targets;
  }

  /** Returns the runs that are judged one by one. */
  private List<Named<RunSummary>> given() {
    return Stream.of(all(RunSummary.class).stream(), runsBeside(), runsAgainst())
        .flatMap(runs -> runs)
        .toList();
  }

  /** Returns the highest rate of the sweeps, and of the runs that met every target. */
  Optional<Highest> highest() {
    Stream<Highest> swept =
        all(SweepResult.class).stream()
            .map(Named::result)
            .filter(sweep -> sweep.highest().isPresent() && sweep.best().isPresent())
            .map(
                sweep ->
                    new Highest(
                        sweep.highest().getAsDouble(),
                        sweep.best().get().summary(),
                        "the highest rate of the sweep at which 99 % of events were stored within "
                            + Formats.time(sweep.latencyTargetMs())
                            + " and none was lost"
                            + (sweep.isPartial() ? "; it was stopped before its end" : "")));
    Stream<Highest> met =
        given().stream()
            .filter(run -> run.result().metAllTargets())
            .map(
                run ->
                    new Highest(
                        run.result().sustained(),
                        run.result(),
                        "that of the run “%s”, which met every target".formatted(run.name())));
    return Stream.concat(swept, met).max(Comparator.comparingDouble(Highest::eventsPerSecond));
  }

  /** Returns the machines that the results come from, each once. */
  List<Machine> machines() {
    return Machine.distinct(files.stream().map(ResultFile::result).toList());
  }

  /** Returns when the first of the results was measured. */
  Optional<Instant> measuredAt() {
    return files.stream()
        .map(file -> file.result().measuredAt())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }
}
