package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.Machine;
import io.vectorstream.reports.result.ResultFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Results beside earlier ones.
 *
 * @param changes of every figure that both have
 * @param tolerance as a share: what changes by less is never marked
 * @param missing figures that only the earlier ones have
 * @param added figures that only the later ones have
 */
public record Comparison(
    List<Change> changes,
    double tolerance,
    int missing,
    int added,
    List<Machine> machinesBefore,
    List<Machine> machinesNow) {

  public static Comparison of(List<ResultFile> before, List<ResultFile> now, double tolerance) {
    List<Figure> old = Figures.of(before);
    List<Figure> current = Figures.of(now);
    List<Change> changes = new ArrayList<>();
    for (Figure figure : current) {
      old.stream()
          .filter(figure::isSameAs)
          .findFirst()
          .ifPresent(earlier -> changes.add(Change.between(earlier, figure, tolerance)));
    }
    return new Comparison(
        List.copyOf(changes),
        tolerance,
        old.size() - changes.size(),
        current.size() - changes.size(),
        machines(before),
        machines(now));
  }

  private static List<Machine> machines(List<ResultFile> files) {
    List<Machine> distinct = new ArrayList<>();
    files.stream()
        .map(file -> file.result().measuredOn())
        .flatMap(Optional::stream)
        .filter(machine -> distinct.stream().noneMatch(machine::isLike))
        .forEach(distinct::add);
    return distinct;
  }

  public List<Change> with(Verdict verdict) {
    return changes.stream().filter(change -> change.verdict() == verdict).toList();
  }

  public boolean hasRegression() {
    return !with(Verdict.REGRESSION).isEmpty();
  }
}
