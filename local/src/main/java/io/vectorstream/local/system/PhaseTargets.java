package io.vectorstream.local.system;

import io.vectorstream.local.phase.Phase;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.SystemsResult;
import io.vectorstream.reports.result.SystemsResult.Broken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a workload asks of a system in a phase, beside what was measured in it. */
final class PhaseTargets {
  private PhaseTargets() {}

  /**
   * @param faults of the whole run
   */
  static List<Target> of(Phase asked, SystemsResult.Phase measured, List<Broken> faults) {
    List<Target> targets = new ArrayList<>();
    if (asked.p99() != null) {
      long p99 = measured.searchable().latencyMs().p99();
      boolean allSeen = measured.searchable().unseen() == 0;
      targets.add(
          new Target(
              asked.name() + ": p99",
              "<= " + seconds(asked.p99().toMillis()),
              allSeen ? seconds(p99) : "%,d never came".formatted(measured.searchable().unseen()),
              allSeen && p99 <= asked.p99().toMillis()));
    }
    if (asked.lost() != null) {
      targets.add(
          new Target(
              asked.name() + ": lost",
              "<= %,d".formatted(asked.lost()),
              "%,d of %,d".formatted(measured.lost(), measured.valid()),
              measured.lost() <= asked.lost()));
    }
    if (asked.recoveredWithin() != null) {
      faults.stream()
          .filter(fault -> asked.name().equals(fault.phase()))
          .forEach(fault -> targets.add(recovered(asked, fault)));
    }
    return targets;
  }

  private static Target recovered(Phase asked, Broken fault) {
    long longest = asked.recoveredWithin().toMillis();
    return new Target(
        "%s: recovered, %s".formatted(asked.name(), fault.what()),
        "within " + seconds(longest),
        fault.recoveredS() == null
            ? "not while the load was on"
            : seconds(Math.round(1000 * fault.recoveredS())),
        fault.recoveredS() != null && 1000 * fault.recoveredS() <= longest);
  }

  private static String seconds(long ms) {
    return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
  }
}
