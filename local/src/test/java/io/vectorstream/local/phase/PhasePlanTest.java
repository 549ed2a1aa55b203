package io.vectorstream.local.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.local.phase.Fault.Kind;
import io.vectorstream.local.phase.Fault.Part;
import io.vectorstream.local.phase.PhasePlan.PlannedFault;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The phases of a load. */
class PhasePlanTest {

  private static Phase phase(
      String name, int seconds, double rate, Double rampFrom, Integer drawn, Fault... faults) {
    return new Phase(
        name,
        Duration.ofSeconds(seconds),
        rate,
        rampFrom,
        null,
        List.of(faults),
        drawn,
        null,
        null,
        null);
  }

  private static PhasePlan plan(long seed, Phase... phases) {
    return PhasePlan.of(List.of(phases), seed, List.of(Part.values()));
  }

  @Test
  void each_phase_has_its_rate_and_a_ramp_rises() {
    PhasePlan plan =
        plan(
            1,
            phase("ramp", 10, 100, 0.0, null),
            phase("burst", 5, 900, null, null),
            phase("pause", 5, 0, null, null));

    assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(20));
    assertThat(plan.events()).isEqualTo(500 + 4500);
    assertThat(plan.rate(Duration.ZERO)).isEqualTo(5);
    assertThat(plan.rate(Duration.ofMillis(4400))).isEqualTo(45);
    assertThat(plan.rate(Duration.ofSeconds(9))).isEqualTo(95);
    assertThat(plan.rate(Duration.ofSeconds(10))).isEqualTo(900);
    assertThat(plan.rate(Duration.ofSeconds(15))).isZero();
    assertThat(plan.rate(Duration.ofSeconds(99))).isZero();
  }

  @Test
  void a_fault_comes_at_its_time_in_its_phase() {
    Fault outage = new Fault(Kind.OUTAGE, Part.STORE, Duration.ofSeconds(2), null);
    PhasePlan plan = plan(1, phase("a", 10, 1, null, null), phase("b", 10, 1, null, null, outage));

    assertThat(plan.faults()).containsExactly(new PlannedFault(1, outage, Duration.ofSeconds(12)));
    assertThat(outage.lasts()).isEqualTo(Fault.USUAL);
  }

  @Test
  void the_seed_decides_what_is_left_open() {
    Fault some = new Fault(Kind.PAUSE, Part.SYSTEM, null, null);
    Phase phase = phase("a", 60, 1, null, 20, some);

    assertThat(plan(7, phase).faults()).isEqualTo(plan(7, phase).faults()).hasSize(21);
    assertThat(plan(7, phase).faults()).isNotEqualTo(plan(8, phase).faults());
    assertThat(plan(7, phase).faults())
        .isSortedAccordingTo(Comparator.comparing(PlannedFault::at))
        .allSatisfy(
            planned -> {
              assertThat(planned.at()).isLessThan(Duration.ofSeconds(40));
              assertThat(planned.fault().what() == Kind.KILL && planned.fault().of() != Part.SYSTEM)
                  .isFalse();
            });
  }

  @Test
  void only_parts_that_can_be_broken_are_drawn() {
    PhasePlan plan = PhasePlan.of(List.of(phase("a", 60, 1, null, 30)), 1, List.of(Part.STORE));

    assertThat(plan.faults()).hasSize(30).allMatch(each -> each.fault().of() == Part.STORE);
  }
}
