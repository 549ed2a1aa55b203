package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.ResultKind;

/** A figure in earlier results and in these. */
public record FigureChange(
    ResultKind kind, String setup, String name, Figure before, Figure now, Verdict verdict) {

  static FigureChange between(Figure before, Figure now, double tolerance) {
    return new FigureChange(
        now.kind(), now.setup(), now.name(), before, now, verdict(before, now, tolerance));
  }

  private static Verdict verdict(Figure before, Figure now, double tolerance) {
    if (!before.isOnMachineLike(now)) {
      return Verdict.OTHER_MACHINE;
    }
    if (before.noise() instanceof Noise.Unknown || now.noise() instanceof Noise.Unknown) {
      return Verdict.NOT_JUDGED;
    }
    boolean large =
        now.noise() instanceof Noise.Exact
            || Math.abs(now.value() - before.value()) >= tolerance * Math.abs(before.value());
    if (!large || !now.noise().isBeyond(before.noise())) {
      return Verdict.WITHIN_NOISE;
    }
    return now.value() > before.value() == now.higherIsBetter()
        ? Verdict.IMPROVEMENT
        : Verdict.REGRESSION;
  }

  /** Returns the change as a share of the earlier value; NaN where that was 0. */
  public double relative() {
    return before.value() == 0
        ? (now.value() == 0 ? 0 : Double.NaN)
        : (now.value() - before.value()) / Math.abs(before.value());
  }

  public double valueBefore() {
    return before.value();
  }

  public double valueNow() {
    return now.value();
  }

  /** Returns the rule that it was judged by; if either was measured once, there is none. */
  public String rule() {
    return before.noise() instanceof Noise.Unknown ? before.noise().rule() : now.noise().rule();
  }

  public Unit unit() {
    return now.unit();
  }
}
