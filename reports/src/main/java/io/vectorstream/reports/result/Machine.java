package io.vectorstream.reports.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The machine of a measurement.
 *
 * @param memoryMb of the machine, in MB
 */
public record Machine(String cpu, int cores, long memoryMb, String os, String jvm) {

  /** The relative difference of equal memory sizes: kernels report slightly different ones. */
  private static final double SAME_MEMORY = 0.1;

  /** Returns whether figures of both can be compared. */
  public boolean isLike(Machine other) {
    return Objects.equals(cpu, other.cpu)
        && cores == other.cores
        && Math.abs(memoryMb - other.memoryMb) <= SAME_MEMORY * Math.max(memoryMb, other.memoryMb);
  }

  /** Returns the machines that results come from, each once. */
  public static List<Machine> distinct(List<Result> results) {
    List<Machine> distinct = new ArrayList<>();
    results.stream()
        .map(Result::measuredOn)
        .flatMap(Optional::stream)
        .filter(machine -> distinct.stream().noneMatch(machine::isLike))
        .forEach(distinct::add);
    return distinct;
  }

  /** Returns {@code AMD EPYC, 2 cores, 24 GB}. */
  public String inWords() {
    return "%s, %d %s, %d GB"
        .formatted(
            cpu == null ? "CPU not recorded" : cpu,
            cores,
            cores == 1 ? "core" : "cores",
            Math.round(memoryMb / 1024.0));
  }
}
