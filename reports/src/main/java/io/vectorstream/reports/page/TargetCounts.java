package io.vectorstream.reports.page;

import io.vectorstream.reports.page.Report.NamedTarget;
import java.util.List;

/** The number of targets by their outcome. */
record TargetCounts(long met, long missed, long notMeasured) {

  static TargetCounts of(Report report) {
    List<NamedTarget> targets = report.targets();
    long met = targets.stream().filter(each -> each.target().isMet()).count();
    long missed = targets.stream().filter(each -> each.target().isMissed()).count();
    return new TargetCounts(met, missed, targets.size() - met - missed);
  }

  long all() {
    return met + missed + notMeasured;
  }

  /** Returns the outcome in a few words. */
  String verdict() {
    if (all() == 0) {
      return "No targets in these results";
    }
    String unknown = notMeasured == 0 ? "" : ", %d not measured".formatted(notMeasured);
    if (missed > 0) {
      return "%d of %d targets missed".formatted(missed, all()) + unknown;
    }
    return notMeasured == 0
        ? "All %d targets met".formatted(all())
        : "%d of %d targets met".formatted(met, all()) + unknown;
  }
}
