package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.AgainstResult;
import io.vectorstream.reports.result.ResultFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Results beside others that were measured in turns with them: the first of the ones with the first
 * of the others, and so on.
 *
 * @param figures that both have as often
 * @param tolerance as a share: a smaller change is never marked
 * @param unpaired figures that one side has more often than the other
 */
public record PairedComparison(
    List<PairedFigure> figures, double tolerance, int unpaired, Days days) {

  /** The tolerance where none is given. */
  public static final double TOLERANCE = 0.05;

  /**
   * Pairs results of the same setup in the order in which they were measured; of files that do not
   * say when, in the order of their names, and JMH's forks within a file.
   */
  public static PairedComparison of(
      List<ResultFile> before, List<ResultFile> now, double tolerance) {
    return of(Figures.singly(before), Figures.singly(now), tolerance, Days.of(before, now));
  }

  /** Pairs the runs of two builds, whatever each calls its setup. */
  public static PairedComparison of(AgainstResult result, double tolerance) {
    List<ResultFile> other = files(result, AgainstResult.OTHER);
    List<ResultFile> own = files(result, AgainstResult.THIS);
    int pairs = Math.min(other.size(), own.size());
    return of(
        ofOneSetup(Figures.singly(other.subList(0, pairs)), result),
        ofOneSetup(Figures.singly(own.subList(0, pairs)), result),
        tolerance,
        Days.of(other, own));
  }

  private static List<ResultFile> files(AgainstResult result, String build) {
    return result.of(build).stream().map(run -> ResultFile.of("run.json", run)).toList();
  }

  private static List<Figure> ofOneSetup(List<Figure> figures, AgainstResult result) {
    String load = result.workload() == null ? "the load given" : result.workload();
    return figures.stream().map(figure -> figure.in(load)).toList();
  }

  private static PairedComparison of(
      List<Figure> before, List<Figure> now, double tolerance, Days days) {
    Map<List<Object>, List<Figure>> old = byIdentity(before);
    Map<List<Object>, List<Figure>> current = byIdentity(now);
    List<PairedFigure> paired = new ArrayList<>();
    int unpaired = 0;
    for (Map.Entry<List<Object>, List<Figure>> figure : current.entrySet()) {
      List<Figure> earlier = old.getOrDefault(figure.getKey(), List.of());
      if (earlier.size() == figure.getValue().size()) {
        paired.add(PairedFigure.of(earlier, figure.getValue(), tolerance));
      } else {
        unpaired++;
      }
    }
    unpaired += (int) old.keySet().stream().filter(key -> !current.containsKey(key)).count();
    return new PairedComparison(List.copyOf(paired), tolerance, unpaired, days);
  }

  private static Map<List<Object>, List<Figure>> byIdentity(List<Figure> figures) {
    Map<List<Object>, List<Figure>> all = new LinkedHashMap<>();
    for (Figure figure : figures) {
      all.computeIfAbsent(
              List.of(figure.kind(), figure.setup(), figure.name()), key -> new ArrayList<>())
          .add(figure);
    }
    return all;
  }

  public List<PairedFigure> with(Verdict verdict) {
    return figures.stream().filter(figure -> figure.verdict() == verdict).toList();
  }

  public boolean hasRegression() {
    return !with(Verdict.REGRESSION).isEmpty();
  }
}
