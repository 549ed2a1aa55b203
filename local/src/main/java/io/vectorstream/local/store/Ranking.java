package io.vectorstream.local.store;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Points by falling similarity, sorted only as far as they are taken: the first ten of a million
 * cost one look at each, and a filter can throw out as many as it must.
 */
final class Ranking {

  /** Points sorted at first, and how many times as many each time that they do not suffice. */
  private static final int FIRST = 128;

  private static final int GROWTH = 8;

  private static final Comparator<Hit> WORST_FIRST =
      Comparator.comparingDouble(Hit::similarity)
          .thenComparing(Hit::point, Comparator.reverseOrder());

  record Hit(PointKey point, float similarity) {}

  private final PointKey[] points;
  private final float[] scores;
  private final int size;

  /** The best of those that are left, the best one last. */
  private Hit[] sorted = {};

  private int left;
  private int next = FIRST;

  /** The worst that was sorted; all that are better have been too. Null before the first. */
  private Hit worst;

  /**
   * @param points and perhaps more behind them
   * @param scores of the points, and perhaps more behind them
   * @param size how many points there are
   */
  Ranking(PointKey[] points, float[] scores, int size) {
    this.points = points;
    this.scores = scores;
    this.size = size;
  }

  /** The best point that is left, or null. */
  Hit next() {
    if (left == 0) {
      sort();
    }
    return left == 0 ? null : sorted[--left];
  }

  private void sort() {
    PriorityQueue<Hit> best = new PriorityQueue<>(FIRST, WORST_FIRST);
    float least = Float.NEGATIVE_INFINITY;
    float most = worst == null ? Float.POSITIVE_INFINITY : worst.similarity();
    for (int i = 0; i < size; i++) {
      // Most are passed over here, and cost no object.
      if (scores[i] < least || scores[i] > most) {
        continue;
      }
      Hit hit = new Hit(points[i], scores[i]);
      if (worst == null || WORST_FIRST.compare(hit, worst) < 0) {
        best.add(hit);
        if (best.size() > next) {
          best.remove();
          least = best.element().similarity();
        }
      }
    }
    left = best.size();
    sorted = new Hit[left];
    for (int i = 0; i < left; i++) {
      sorted[i] = best.remove();
    }
    worst = left == 0 ? worst : sorted[0];
    next = Math.min(size, next) * GROWTH;
  }
}
