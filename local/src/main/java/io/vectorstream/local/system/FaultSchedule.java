package io.vectorstream.local.system;

import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.phase.Fault;
import io.vectorstream.local.phase.PhasePlan.PlannedFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The faults of a run, each begun and ended when it is time. A later fault of a part takes the
 * place of an earlier one of the same part. One thread uses it.
 */
final class FaultSchedule {
  private static final Duration SLOW_LATENCY = Duration.ofMillis(50);
  private static final long SLOW_BYTES_PER_SECOND = 256 * 1024;

  private final SystemProcess system;

  /** Null where nothing of it is broken, as the next one. */
  private final FaultProxy kafka;

  private final FaultProxy store;
  private final Consumer<String> say;
  private final List<Step> due = new ArrayList<>();
  private final List<Begun> begun = new ArrayList<>();

  /**
   * A fault that has begun.
   *
   * @param at when
   */
  record Begun(PlannedFault planned, Instant at) {}

  private record Step(Duration at, PlannedFault planned, boolean isEnd) {}

  FaultSchedule(
      List<PlannedFault> faults,
      SystemProcess system,
      FaultProxy kafka,
      FaultProxy store,
      Consumer<String> say) {
    this.system = system;
    this.kafka = kafka;
    this.store = store;
    this.say = say;
    for (PlannedFault planned : faults) {
      due.add(new Step(planned.at(), planned, false));
      if (!planned.fault().lasts().isZero()) {
        due.add(new Step(planned.at().plus(planned.fault().lasts()), planned, true));
      }
    }
    due.sort(Comparator.comparing(Step::at));
  }

  /** Returns the time until the next step, at most that long; 0 or less if it is due. */
  Duration untilNext(Duration elapsed, Duration most) {
    if (due.isEmpty()) {
      return most;
    }
    Duration next = due.get(0).at().minus(elapsed);
    return next.compareTo(most) < 0 ? next : most;
  }

  /** Does what is due. */
  void run(Duration elapsed) throws InterruptedException {
    while (!due.isEmpty() && due.get(0).at().compareTo(elapsed) <= 0) {
      Step step = due.remove(0);
      if (step.isEnd()) {
        end(step.planned().fault());
      } else {
        say.accept(
            "%s after %.1f s"
                .formatted(step.planned().fault().inWords(), elapsed.toMillis() / 1000.0));
        begun.add(new Begun(step.planned(), Instant.now()));
        begin(step.planned().fault());
      }
    }
  }

  /** Ends every fault that has begun, and begins none of the others. */
  void endAll() {
    due.stream().filter(Step::isEnd).forEach(step -> end(step.planned().fault()));
    due.clear();
  }

  /** Returns the faults that have begun, in that order. */
  List<Begun> begun() {
    return List.copyOf(begun);
  }

  private void begin(Fault fault) throws InterruptedException {
    switch (fault.of()) {
      case SYSTEM -> {
        switch (fault.what()) {
          case KILL -> {
            system.kill();
            system.start();
          }
          case OUTAGE -> system.kill();
          case PAUSE -> system.pause();
          case SLOW -> system.slowDown();
        }
      }
      case KAFKA -> begin(fault, kafka);
      case STORE -> begin(fault, store);
    }
  }

  private static void begin(Fault fault, FaultProxy proxy) {
    switch (fault.what()) {
      case PAUSE -> proxy.silent();
      case OUTAGE -> proxy.refuse();
      case SLOW -> proxy.slow(SLOW_LATENCY, SLOW_BYTES_PER_SECOND);
      case KILL -> throw new IllegalArgumentException(fault.inWords());
    }
  }

  private void end(Fault fault) {
    switch (fault.of()) {
      case SYSTEM -> {
        if (fault.what() == Fault.Kind.OUTAGE) {
          system.start();
        } else {
          system.resume();
        }
      }
      case KAFKA -> kafka.pass();
      case STORE -> store.pass();
    }
  }
}
