package io.vectorstream.local.phase;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The phases of a load, one after another, and the faults in them at their times. */
public final class PhasePlan {
  private final List<Phase> phases;
  private final List<PlannedFault> faults;

  /**
   * A fault at its time.
   *
   * @param phase the index of the phase in which it begins
   * @param at from the beginning of the load
   */
  public record PlannedFault(int phase, Fault fault, Duration at) {}

  private PhasePlan(List<Phase> phases, List<PlannedFault> faults) {
    this.phases = List.copyOf(phases);
    this.faults = faults;
  }

  /**
   * Draws what the phases leave open.
   *
   * @param seed the same one gives the same faults at the same times
   * @param drawn the parts that drawn faults may break
   */
  public static PhasePlan of(List<Phase> phases, long seed, List<Fault.Part> drawn) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PlannedFault> faults = new ArrayList<>();
    Duration begin = Duration.ZERO;
    for (int i = 0; i < phases.size(); i++) {
      Phase phase = phases.get(i);
      for (Fault fault :
          Stream.concat(
                  phase.faults().stream(),
                  Stream.generate(() -> draw(random, drawn)).limit(phase.drawnFaults()))
              .toList()) {
        Duration at = fault.at() == null ? time(random, phase.duration()) : fault.at();
        faults.add(new PlannedFault(i, fault, begin.plus(at)));
      }
      begin = begin.plus(phase.duration());
    }
    faults.sort(Comparator.comparing(PlannedFault::at));
    return new PhasePlan(phases, List.copyOf(faults));
  }

  private static Fault draw(SplittableRandom random, List<Fault.Part> parts) {
    Fault.Part part = parts.get(random.nextInt(parts.size()));
    List<Fault.Kind> kinds =
        Stream.of(Fault.Kind.values())
            .filter(kind -> part == Fault.Part.SYSTEM || kind != Fault.Kind.KILL)
            .toList();
    return new Fault(kinds.get(random.nextInt(kinds.size())), part, null, null);
  }

  /** Returns a time in the first two thirds, so that there is some of the phase to recover in. */
  private static Duration time(SplittableRandom random, Duration phase) {
    return Duration.ofMillis(random.nextLong(Math.max(1, phase.toMillis() * 2 / 3)));
  }

  public List<Phase> phases() {
    return phases;
  }

  /** Returns all faults in the order of their times. */
  public List<PlannedFault> faults() {
    return faults;
  }

  public Duration duration() {
    return phases.stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
  }

  /** Returns the events that are due in all of it. */
  public double events() {
    return phases.stream().mapToDouble(Phase::events).sum();
  }

  /** Returns when a phase begins, from the beginning of the load. */
  public Duration begin(int phase) {
    return phases.subList(0, phase).stream()
        .map(Phase::duration)
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Returns the index of the phase at a time; the last one's after the end. */
  public int at(Duration time) {
    Duration end = Duration.ZERO;
    for (int i = 0; i < phases.size(); i++) {
      end = end.plus(phases.get(i).duration());
      if (time.compareTo(end) < 0) {
        return i;
      }
    }
    return phases.size() - 1;
  }

  /** Returns the events per second at a time. */
  public double rate(Duration time) {
    int phase = at(time);
    return phases.get(phase).rateAfter(time.minus(begin(phase)));
  }

  /** Returns whether some events are about products that no other phase has. */
  public boolean haveNewProducts() {
    return phases.stream().anyMatch(phase -> phase.newShare() > 0);
  }

  /** Returns the share of events about new products at a time. */
  public double newShare(Duration time) {
    return phases.get(at(time)).newShare();
  }
}
