package io.vectorstream.reports.compare;

import io.vectorstream.reports.result.Kind;
import io.vectorstream.reports.result.Machine;
import java.util.Optional;

/**
 * One number that a later report can be held against.
 *
 * @param setup under what it was measured; only figures of the same setup are compared
 * @param machine empty where it is not recorded
 */
record Figure(
    Kind kind,
    String setup,
    String name,
    Unit unit,
    boolean higherIsBetter,
    double value,
    Noise noise,
    Optional<Machine> machine) {

  boolean isSameAs(Figure other) {
    return kind == other.kind && setup.equals(other.setup) && name.equals(other.name);
  }

  /** The same figure, measured twice. */
  Figure pooledWith(Figure other) {
    double both =
        noise instanceof Noise.Exact ? Math.max(value, other.value) : (value + other.value) / 2;
    return new Figure(
        kind, setup, name, unit, higherIsBetter, both, Noise.pooled(noise, other.noise), machine);
  }
}
