package io.vectorstream.local.run;

import io.vectorstream.local.probe.LoadProbes.Findings;
import io.vectorstream.reports.result.RunSummary.Fresh;
import io.vectorstream.reports.result.RunSummary.Target;
import io.vectorstream.reports.result.Searchable.Sightings;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.reports.result.Searches.Figures;
import io.vectorstream.reports.result.Searches.Recall;
import io.vectorstream.reports.result.Searches.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The targets of what is asked while the load is on: those that the run was given. */
final class ProbeTargets {
  private ProbeTargets() {}

  static List<Target> of(Findings findings) {
    List<Target> targets = new ArrayList<>();
    if (findings.fresh() != null) {
      Fresh fresh = findings.fresh();
      add(
          "fresh p99",
          fresh.targetMs(),
          fresh.clicks(),
          fresh.unseen(),
          fresh.latencyMs().p99(),
          targets);
      add("event stored p99", findings.searchable().events(), targets);
      add("product found p99", findings.searchable().products(), targets);
    }
    if (findings.searches() != null) {
      targets.addAll(of(findings.searches()));
    }
    return targets;
  }

  private static void add(String name, Sightings measured, List<Target> targets) {
    add(
        name,
        measured.targetMs(),
        measured.count(),
        measured.unseen(),
        measured.latencyMs().p99(),
        targets);
  }

  /** Adds a target. Where more than 1 in 100 was never seen, the 99th percentile has no end. */
  private static void add(
      String name, Long asked, long count, long unseen, long p99Ms, List<Target> targets) {
    if (asked != null) {
      boolean isSeen = 100 * unseen <= count;
      targets.add(
          new Target(
              name,
              "<= " + NumberText.time(asked),
              count == 0 ? "not measured" : (isSeen ? "" : "more than ") + NumberText.time(p99Ms),
              count > 0 && isSeen && p99Ms <= asked));
    }
  }

  private static List<Target> of(Searches searches) {
    List<Target> targets = new ArrayList<>();
    List<Step> judged = searches.steps().stream().filter(searches::isJudged).toList();
    String upTo = searches.targetUpTo() == null ? "" : " up to " + perSecond(searches.targetUpTo());
    if (searches.p99TargetMs() != null) {
      Optional<Step> fruitless = judged.stream().filter(step -> !isFound(step.all())).findFirst();
      Optional<Step> slowest =
          judged.stream().max(Comparator.comparingDouble(step -> step.all().latencyMs().p99()));
      targets.add(
          new Target(
              "search p99",
              "<= " + millis(searches.p99TargetMs()) + upTo,
              fruitless
                  .map(step -> "nothing was found at " + perSecond(step.asked()))
                  .or(
                      () ->
                          slowest.map(
                              step ->
                                  millis(step.all().latencyMs().p99())
                                      + " at "
                                      + perSecond(step.asked())))
                  .orElse("not measured"),
              slowest
                  .filter(step -> fruitless.isEmpty())
                  .filter(step -> step.all().latencyMs().p99() <= searches.p99TargetMs())
                  .isPresent()));
    }
    long failed = judged.stream().mapToLong(step -> step.all().failed()).sum();
    targets.add(
        new Target(
            "failed searches",
            "0" + upTo,
            judged.isEmpty() ? "not measured" : NumberText.count(failed),
            failed == 0 && !judged.isEmpty()));
    if (searches.recallTarget() != null) {
      Optional<Recall> lowest = searches.lowestRecall();
      targets.add(
          new Target(
              "search recall@10",
              ">= " + share(searches.recallTarget()),
              lowest
                  .map(recall -> share(recall.recall()) + ", " + recall.kind())
                  .orElse("not measured: " + searches.recallProblem()),
              lowest.filter(recall -> recall.recall() >= searches.recallTarget()).isPresent()));
    }
    return targets;
  }

  /** Returns whether any search found something: empty answers are fast, and show nothing. */
  private static boolean isFound(Figures all) {
    return all.answered() > all.withoutResult();
  }

  private static String millis(double ms) {
    return String.format(Locale.ROOT, "%,.1f ms", ms);
  }

  private static String perSecond(double rate) {
    return String.format(Locale.ROOT, rate == Math.rint(rate) ? "%,.0f/s" : "%,.1f/s", rate);
  }

  private static String share(double share) {
    return String.format(Locale.ROOT, "%.3f", share);
  }
}
