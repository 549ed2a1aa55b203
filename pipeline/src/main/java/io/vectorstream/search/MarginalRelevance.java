package io.vectorstream.search;

import io.vectorstream.store.Candidate;
import io.vectorstream.store.ProductHit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The choice of products that are relevant, but not all alike: maximal marginal relevance (J.
 * Carbonell, J. Goldstein: The Use of MMR, Diversity-Based Reranking for Reordering Documents and
 * Producing Summaries, SIGIR 1998). One after another it takes the candidate {@code c} with the
 * highest {@code (1 - d) relevance(c) - d max cos(c, s)} over those {@code s} that were taken
 * before.
 */
final class MarginalRelevance {

  private MarginalRelevance() {}

  /**
   * @param vectors by product id, {@code float[384]}, L2-normalised
   * @param diversity {@code d}, from 0, where only relevance counts, to 1, where only variety does
   * @return in the order in which they were taken; each with its own score
   */
  static List<ProductHit> choose(
      List<Candidate> candidates, Map<String, float[]> vectors, int limit, double diversity) {
    // A product may be deleted, or lose its vector, between the two queries to the store.
    List<Candidate> left =
        new ArrayList<>(
            candidates.stream().filter(one -> vectors.get(one.hit().id()) != null).toList());
    // The highest similarity of each candidate to a chosen product; in the order of the list.
    double[] likeness = new double[left.size()];
    List<ProductHit> taken = new ArrayList<>();
    while (taken.size() < limit && !left.isEmpty()) {
      int best = best(left, likeness, diversity);
      ProductHit next = left.remove(best).hit();
      float[] vector = vectors.get(next.id());
      System.arraycopy(likeness, best + 1, likeness, best, left.size() - best);
      for (int i = 0; i < left.size(); i++) {
        double cosine = dot(vector, vectors.get(left.get(i).hit().id()));
        likeness[i] = taken.isEmpty() ? cosine : Math.max(likeness[i], cosine);
      }
      taken.add(next);
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
