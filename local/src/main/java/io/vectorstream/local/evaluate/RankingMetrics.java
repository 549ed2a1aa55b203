package io.vectorstream.local.evaluate;

import java.util.List;
import java.util.Set;

/** The metrics of one list of recommendations, when a product is either relevant or not. */
final class RankingMetrics {

  private RankingMetrics() {}

  /** Returns 1 if any product in the list is relevant, 0 if not. */
  static double hit(List<String> list, Set<String> relevant) {
    return list.stream().anyMatch(relevant::contains) ? 1 : 0;
  }

  /**
   * Returns 1 divided by the rank of the first relevant product, 0 if none is: the mean over users
   * is the mean reciprocal rank, MRR (E. Voorhees: The TREC-8 Question Answering Track Report,
   * 1999).
   */
  static double reciprocalRank(List<String> list, Set<String> relevant) {
    for (int i = 0; i < list.size(); i++) {
      if (relevant.contains(list.get(i))) {
        return 1.0 / (i + 1);
      }
    }
    return 0;
  }

  /**
   * Returns the normalised discounted cumulative gain (K. Järvelin, J. Kekäläinen: Cumulated
   * Gain-Based Evaluation of IR Techniques, ACM TOIS 20(4), 2002), with the gain 1 for each
   * relevant product: the sum of {@code 1 / log2(rank + 1)} over the ranks of the relevant ones,
   * divided by that of a list that begins with as many relevant ones as there are, or as fit in.
   *
   * @param length how long the list may be
   */
  static double ndcg(List<String> list, Set<String> relevant, int length) {
    double gain = 0;
    for (int i = 0; i < list.size(); i++) {
      gain += relevant.contains(list.get(i)) ? discount(i + 1) : 0;
    }
    double best = 0;
    for (int rank = 1; rank <= Math.min(length, relevant.size()); rank++) {
      best += discount(rank);
    }
    return gain / best;
  }

  private static double discount(int rank) {
    return Math.log(2) / Math.log(rank + 1);
  }
}
