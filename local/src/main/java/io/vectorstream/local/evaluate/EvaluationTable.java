package io.vectorstream.local.evaluate;

import io.vectorstream.reports.result.EvaluationResult;
import io.vectorstream.reports.result.EvaluationResult.Estimate;
import io.vectorstream.reports.result.EvaluationResult.Line;
import io.vectorstream.reports.result.EvaluationResult.OfKind;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The result as a table for users. */
public final class EvaluationTable {

  private final PrintStream out;

  public EvaluationTable(PrintStream out) {
    this.out = out;
  }

  public void print(EvaluationResult result) {
    print(
        "%n%,d users asked for %d products each; on average, %.1f of %,d are relevant. Learnt"
            + " from %,d of %,d events in %.0f days, seed %d. Held out: %s.%n%n",
        result.usersAsked(),
        result.listLength(),
        result.relevantPerUser(),
        result.products(),
        result.eventsLearntFrom(),
        result.events(),
        result.periodDays(),
        result.seed(),
        result.heldOut());
    print(
        "%-21s %-16s %-16s %-16s %-9s %-9s %s%n",
        "",
        "hit rate@" + result.listLength(),
        "nDCG@" + result.listLength(),
        "MRR@" + result.listLength(),
        "coverage",
        "novelty",
        "");
    for (Line line : result.lines()) {
      print(
          "%-21s %-16s %-16s %-16s %-9s %-9s %s%n",
          line.name(),
          text(line.hitRate()),
          text(line.ndcg()),
          text(line.reciprocalRank()),
          String.format(Locale.ROOT, "%.1f %%", 100 * line.coverage()),
          line.novelty() == null
              ? "-"
              : String.format(Locale.ROOT, "%.1f bit", line.novelty().mean()),
          line.variant() == null ? "" : inWords(line.variant()));
    }
    printKinds(result);
    print(
        """

        hit rate: users with anything relevant in the list; MRR: one by the rank of the first relevant product
        relevant: %s
        novelty: how few users know what is recommended; +-: 95 %% confidence, over users
        %s
        """,
        result.seenAgain()
            ? "what the user turned to in the part held out, and had not bought before"
            : "what the user turned to in the part held out, and for the first time",
        result.simulated()
            ? "tastes known: what the generator gave its users as tastes, which no shop knows\n"
            : "");
    Line best = null;
    for (Line line : result.lines()) {
      if (line.name().equals("personal")
          && (best == null || line.ndcg().mean() > best.ndcg().mean())) {
        best = line;
      }
    }
    printDifference("popularity", best, best.hitRateOverPopularity(), best.ndcgOverPopularity());
    printDifference("item-kNN", best, best.hitRateOverNeighbours(), best.ndcgOverNeighbours());
  }

  private void printKinds(EvaluationResult result) {
    List<String> kinds = result.lines().get(0).byKind().stream().map(OfKind::kind).toList();
    if (kinds.size() < 2) {
      return;
    }
    print("%n%-21s", "hit rate, nDCG of");
    for (OfKind kind : result.lines().get(0).byKind()) {
      print(" %-33s", "%s: %,d users".formatted(kind.kind(), kind.users()));
    }
    print("%n");
    for (Line line : result.lines()) {
      print("%-21s", line.name());
      for (OfKind kind : line.byKind()) {
        print(" %-33s", text(kind.hitRate()) + ", " + text(kind.ndcg()));
      }
      print("%n");
    }
  }

  private void printDifference(String other, Line best, Estimate hitRate, Estimate ndcg) {
    print(
        "personal less %s, user by user: hit rate %+.3f +-%.3f, nDCG %+.3f +-%.3f (%s)%n",
        other,
        hitRate.mean(),
        hitRate.margin(),
        ndcg.mean(),
        ndcg.margin(),
        inWords(best.variant()));
  }

  /** Gives {@code half-life 7d, weights 5:3:2:1:1:-2, popularity 0.05, diversity 0.3}. */
  static String inWords(EvaluationResult.Variant variant) {
    long hours = variant.halfLifeHours().longValue();
    return String.format(
        Locale.ROOT,
        "half-life %s, weights %s, popularity %s, diversity %s, pairs %s",
        hours % 24 == 0 ? hours / 24 + "d" : hours + "h",
        variant.weightsInOrder(),
        Variant.plain(variant.popularity()),
        Variant.plain(variant.diversity()),
        Variant.plain(variant.pairs()));
  }

  private static String text(Estimate estimate) {
    return String.format(Locale.ROOT, "%.3f +-%.3f", estimate.mean(), estimate.margin());
  }

  private void print(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }
}
