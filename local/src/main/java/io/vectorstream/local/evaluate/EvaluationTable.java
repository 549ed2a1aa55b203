package io.vectorstream.local.evaluate;

import io.vectorstream.reports.result.EvaluationResult;
import io.vectorstream.reports.result.EvaluationResult.Estimate;
import io.vectorstream.reports.result.EvaluationResult.Line;
import java.io.PrintStream;
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
            + " from %,d of %,d events in %.0f days, seed %d.%n%n",
        result.usersAsked(),
        result.listLength(),
        result.relevantPerUser(),
        result.products(),
        result.eventsLearntFrom(),
        result.events(),
        result.periodDays(),
        result.seed());
    print(
        "%-18s %-16s %-16s %-16s %-9s %s%n",
        "", "hit rate@10", "nDCG@10", "hit rate@10, new", "coverage", "");
    for (Line line : result.lines()) {
      print(
          "%-18s %-16s %-16s %-16s %-9s %s%n",
          line.name(),
          text(line.hitRate()),
          text(line.ndcg()),
          line.newHitRate() == null ? "-" : text(line.newHitRate()),
          String.format(Locale.ROOT, "%.1f %%", 100 * line.coverage()),
          line.variant() == null ? "" : inWords(line.variant()));
    }
    print(
        """

        hit rate: users with anything relevant among the 10; new: only what they had done nothing with before
        tastes known: what the generator gave its users as tastes, which no shop knows; about the best there can be
        +-: 95 %% confidence, over users

        """);
    Line best = null;
    for (Line line : result.lines()) {
      if (line.name().equals("personal")
          && (best == null || line.ndcg().mean() > best.ndcg().mean())) {
        best = line;
      }
    }
    print(
        "personal less popularity, user by user: hit rate %+.3f +-%.3f, nDCG %+.3f +-%.3f (%s)%n",
        best.hitRateOverPopularity().mean(),
        best.hitRateOverPopularity().margin(),
        best.ndcgOverPopularity().mean(),
        best.ndcgOverPopularity().margin(),
        inWords(best.variant()));
  }

  /** Gives {@code half-life 7d, weights 5:3:2:1:1:-2, popularity 0.05, diversity 0.3}. */
  static String inWords(EvaluationResult.Variant variant) {
    long hours = variant.halfLifeHours().longValue();
    return String.format(
        Locale.ROOT,
        "half-life %s, weights %s, popularity %s, diversity %s",
        hours % 24 == 0 ? hours / 24 + "d" : hours + "h",
        variant.weightsInOrder(),
        Variant.plain(variant.popularity()),
        Variant.plain(variant.diversity()));
  }

  private static String text(Estimate estimate) {
    return String.format(Locale.ROOT, "%.3f +-%.3f", estimate.mean(), estimate.margin());
  }

  private void print(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }
}
