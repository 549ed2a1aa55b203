package io.vectorstream.local.store;

/**
 * Points by falling similarity, sorted only as far as they are taken: a heap, so that the first ten
 * of a million cost little, and a filter can throw out as many as it must.
 */
final class Ranking {

  record Hit(PointKey point, float similarity) {}

  private final PointKey[] points;
  private final float[] scores;
  private final int[] heap;
  private int size;

  /**
   * @param scores of the points, and perhaps more behind them
   * @param size how many points there are
   */
  Ranking(PointKey[] points, float[] scores, int size) {
    this.points = points;
    this.scores = scores;
    this.size = size;
    this.heap = new int[size];
    for (int i = 0; i < size; i++) {
      heap[i] = i;
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  /** The best point that is left, or null. */
  Hit next() {
    if (size == 0) {
      return null;
    }
    int best = heap[0];
    heap[0] = heap[--size];
    sink(0);
    return new Hit(points[best], scores[best]);
  }

  private void sink(int from) {
    int at = from;
    while (true) {
      int best = at;
      for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
        if (before(heap[child], heap[best])) {
          best = child;
        }
      }
      if (best == at) {
        return;
      }
      int moved = heap[at];
      heap[at] = heap[best];
      heap[best] = moved;
      at = best;
    }
  }

  private boolean before(int one, int other) {
    int byScore = Float.compare(scores[one], scores[other]);
    return byScore != 0 ? byScore > 0 : points[one].compareTo(points[other]) < 0;
  }
}
