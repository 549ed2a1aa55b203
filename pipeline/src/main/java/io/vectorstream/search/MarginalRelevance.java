package io.vectorstream.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses products that are relevant, but not all alike: maximal marginal relevance (J. Carbonell,
 * J. Goldstein: The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing
 * Summaries, SIGIR 1998). One after another it takes the candidate {@code c} with the highest
 * {@code (1 - d) relevance(c) - d max cos(c, s)} over those {@code s} that were taken before.
 */
final class MarginalRelevance {

  private MarginalRelevance() {}

  /**
   * @param diversity {@code d}, from 0, where only relevance counts, to 1, where only variety does
   * @return in the order in which they were taken; each with its own score
   */
  static List<ProductHit> choose(List<Candidate> candidates, int limit, double diversity) {
    List<Candidate> left = new ArrayList<>(candidates);
    // How like each candidate is to the most like of those that were taken; moves with the list.
    double[] likeness = new double[left.size()];
    List<ProductHit> taken = new ArrayList<>();
    while (taken.size() < limit && !left.isEmpty()) {
      int best = best(left, likeness, diversity);
      Candidate next = left.remove(best);
      System.arraycopy(likeness, best + 1, likeness, best, left.size() - best);
      for (int i = 0; i < left.size() && diversity > 0; i++) {
        double cosine = dot(next.vector(), left.get(i).vector());
        likeness[i] = taken.isEmpty() ? cosine : Math.max(likeness[i], cosine);
      }
      taken.add(next.hit());
    }
    return taken;
  }

  private static int best(List<Candidate> left, double[] likeness, double diversity) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < left.size(); i++) {
      double value = (1 - diversity) * left.get(i).relevance() - diversity * likeness[i];
      if (value > highest) {
        best = i;
        highest = value;
      }
    }
    return best;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
