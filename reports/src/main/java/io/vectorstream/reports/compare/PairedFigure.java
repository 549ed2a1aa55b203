package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.ResultKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A figure that was measured in pairs, in an old and a new state.
 *
 * @param before its values in the order of the pairs
 * @param now as many
 * @param ratio now divided by before; empty with fewer than two pairs, and where a value is 0
 */
public record PairedFigure(
    ResultKind kind,
    String setup,
    String name,
    Unit unit,
    List<Double> before,
    List<Double> now,
    Optional<PairedRatio> ratio,
    Verdict verdict) {

  /** The fewest pairs of which an interval says something. */
  private static final int ENOUGH = 3;

  /**
   * @param before of one figure, as many as {@code now}
   */
  static PairedFigure of(List<Figure> before, List<Figure> now, double tolerance) {
    Figure first = now.get(0);
    List<Double> old = before.stream().map(Figure::value).toList();
    List<Double> current = now.stream().map(Figure::value).toList();
    boolean hasRatio =
        old.size() > 1 && Stream.concat(old.stream(), current.stream()).allMatch(v -> v > 0);
    Optional<PairedRatio> ratio =
        hasRatio ? Optional.of(PairedRatio.of(old, current)) : Optional.empty();
    boolean isElsewhere = before.stream().anyMatch(figure -> !figure.isOnMachineLike(first));
    return new PairedFigure(
        first.kind(),
        first.setup(),
        first.name(),
        first.unit(),
        old,
        current,
        ratio,
        isElsewhere ? Verdict.OTHER_MACHINE : verdict(first, old, current, ratio, tolerance));
  }

  private static Verdict verdict(
      Figure figure,
      List<Double> before,
      List<Double> now,
      Optional<PairedRatio> ratio,
      double tolerance) {
    if (figure.noise() instanceof Noise.Exact) {
      double change = sum(now) - sum(before);
      return change == 0 ? Verdict.WITHIN_NOISE : better(change > 0 == figure.higherIsBetter());
    }
    if (ratio.isEmpty() || ratio.get().pairs() < ENOUGH) {
      return Verdict.NOT_JUDGED;
    }
    return ratio.get().isBeyond(tolerance)
        ? better(ratio.get().ratio() > 1 == figure.higherIsBetter())
        : Verdict.WITHIN_NOISE;
  }

  private static Verdict better(boolean isBetter) {
    return isBetter ? Verdict.IMPROVEMENT : Verdict.REGRESSION;
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Returns the median before. */
  public double middleBefore() {
    return middle(before);
  }

  /** Returns the median now. */
  public double middleNow() {
    return middle(now);
  }

  private static double middle(List<Double> values) {
    return Noise.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
