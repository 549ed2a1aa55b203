package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.Machine;
import io.vectorstream.reports.result.ResultFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Results beside earlier ones.
 *
 * @param changes of every figure that both have
 * @param tolerance as a share: a smaller change is never marked
 * @param missing figures that only the earlier ones have
 * @param added figures that only the later ones have
 * @param setsBefore how many files or folders of earlier results there were
 * @param days on which they were measured
 */
public record Comparison(
    List<FigureChange> changes,
    double tolerance,
    int missing,
    int added,
    int setsBefore,
    List<Machine> machinesBefore,
    List<Machine> machinesNow,
    Days days) {

  /**
   * @param before each set of files that were measured together; several sets show how far figures
   *     differ from one time to the next
   */
  public static Comparison of(
      List<List<ResultFile>> before, List<ResultFile> now, double tolerance) {
    List<Figure> old = Figures.of(before);
    List<Figure> current = Figures.of(List.of(now));
    List<FigureChange> changes = new ArrayList<>();
    for (Figure figure : current) {
      // Takes one of another machine only where there is no other.
      old.stream()
          .filter(figure::isSameAs)
          .min(Comparator.comparing(earlier -> !earlier.isOnMachineLike(figure)))
          .ifPresent(earlier -> changes.add(FigureChange.between(earlier, figure, tolerance)));
    }
    return new Comparison(
        List.copyOf(changes),
        tolerance,
        without(old, current),
        without(current, old),
        before.size(),
        Machine.distinct(before.stream().flatMap(List::stream).map(ResultFile::result).toList()),
        Machine.distinct(now.stream().map(ResultFile::result).toList()),
        Days.of(before.stream().flatMap(List::stream).toList(), now));
  }

  private static int without(List<Figure> figures, List<Figure> counterparts) {
    return (int)
        figures.stream()
            .filter(figure -> counterparts.stream().noneMatch(figure::isSameAs))
            .count();
  }

  public List<FigureChange> with(Verdict verdict) {
    return changes.stream().filter(change -> change.verdict() == verdict).toList();
  }

  public boolean hasRegression() {
    return !with(Verdict.REGRESSION).isEmpty();
  }
}
