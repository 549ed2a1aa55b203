package io.vectorstream.local.evaluate;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The scores of one contender, user by user.
 *
 * @param hits 1 for each user whose list contained a relevant product, else 0
 * @param ndcg of each user's list
 * @param hitsOfNew the same as the hits, with only those products relevant that the user had done
 *     nothing with before; users without any are left out
 * @param recommended the products that were recommended to any user
 */
record Scores(double[] hits, double[] ndcg, double[] hitsOfNew, Set<String> recommended) {

  static Scores of(Contender contender, List<Question> questions, int length)
      throws InterruptedException {
    double[] hits = new double[questions.size()];
    double[] ndcg = new double[questions.size()];
    double[] hitsOfNew = new double[questions.size()];
    Set<String> recommended = new HashSet<>();
    int withNew = 0;
    for (int i = 0; i < questions.size(); i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Question question = questions.get(i);
      List<String> list = contender.recommend(question, length);
      hits[i] = RankingMetrics.hit(list, question.relevant());
      ndcg[i] = RankingMetrics.ndcg(list, question.relevant(), length);
      Set<String> unseen = new HashSet<>(question.relevant());
      unseen.removeAll(question.known());
      if (!unseen.isEmpty()) {
        hitsOfNew[withNew++] = RankingMetrics.hit(list, unseen);
      }
      recommended.addAll(list);
    }
    return new Scores(hits, ndcg, Arrays.copyOf(hitsOfNew, withNew), recommended);
  }
}
