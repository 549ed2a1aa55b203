package io.vectorstream.local.evaluate;

import io.vectorstream.reports.result.EvaluationResult.Estimate;
import io.vectorstream.reports.result.EvaluationResult.OfKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The scores of one contender, user by user.
 *
 * @param hits 1 for each user whose list contained a relevant product, else 0
 * @param ndcg of each user's list
 * @param reciprocalRanks of each user's first relevant product, 0 without one
 * @param novelty of the lists that are not empty
 * @param recommended the products that were recommended to any user
 */
record Scores(
    double[] hits,
    double[] ndcg,
    double[] reciprocalRanks,
    double[] novelty,
    Set<String> recommended) {

  static Scores of(
      Contender contender, List<Question> questions, int length, Popularities popularities)
      throws InterruptedException {
    double[] hits = new double[questions.size()];
    double[] ndcg = new double[questions.size()];
    double[] reciprocalRanks = new double[questions.size()];
    List<Double> novelty = new ArrayList<>();
    Set<String> recommended = new HashSet<>();
    for (int i = 0; i < questions.size(); i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Question question = questions.get(i);
      List<String> list = contender.recommend(question, length);
      hits[i] = RankingMetrics.hit(list, question.relevant());
      ndcg[i] = RankingMetrics.ndcg(list, question.relevant(), length);
      reciprocalRanks[i] = RankingMetrics.reciprocalRank(list, question.relevant());
      if (!list.isEmpty()) {
        novelty.add(popularities.novelty(list));
      }
      recommended.addAll(list);
    }
    return new Scores(
        hits,
        ndcg,
        reciprocalRanks,
        novelty.stream().mapToDouble(Double::doubleValue).toArray(),
        recommended);
  }

  /** Returns the estimates for each kind of users of which there are enough. */
  List<OfKind> byKind(List<Question> questions) {
    List<OfKind> all = new ArrayList<>();
    for (UserKind kind : UserKind.values()) {
      int[] those =
          IntStream.range(0, questions.size())
              .filter(i -> UserKind.of(questions.get(i)) == kind)
              .toArray();
      if (those.length >= Estimates.LEAST) {
        all.add(
            new OfKind(kind.inWords(), those.length, estimate(hits, those), estimate(ndcg, those)));
      }
    }
    return all;
  }

  private static Estimate estimate(double[] values, int[] those) {
    return Estimates.of(IntStream.of(those).mapToDouble(i -> values[i]).toArray());
  }
}
