package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.Machine;
import io.vectorstream.reports.result.ResultKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * One number that a later report can be compared with.
 *
 * @param setup the conditions of the measurement; only figures of the same setup are compared
 * @param machine empty where it is not recorded
 */
record Figure(
    ResultKind kind,
    String setup,
    String name,
    Unit unit,
    boolean higherIsBetter,
    double value,
    Noise noise,
    Optional<Machine> machine) {

  /** Returns the same figure in another setup. */
  Figure in(String other) {
    return new Figure(kind, other, name, unit, higherIsBetter, value, noise, machine);
  }

  boolean isSameAs(Figure other) {
    return kind == other.kind && setup.equals(other.setup) && name.equals(other.name);
  }

  /** Returns whether both were measured on machines of the same kind, as far as that is known. */
  boolean isOnMachineLike(Figure other) {
    return machine.isEmpty()
        || other.machine.isEmpty()
        || machine.get().isLike(other.machine.get());
  }

  /**
   * Returns one figure for all times that it was measured.
   *
   * @param times at least one
   */
  static Figure pooled(List<Figure> times) {
    Figure first = times.get(0);
    DoubleStream values = times.stream().mapToDouble(Figure::value);
    return new Figure(
        first.kind,
        first.setup,
        first.name,
        first.unit,
        first.higherIsBetter,
        (first.noise instanceof Noise.Exact ? values.max() : values.average()).getAsDouble(),
        times.stream().map(Figure::noise).reduce(Noise::pooled).orElseThrow(),
        first.machine);
  }
}
