package io.vectorstream.local.store;

import io.vectorstream.local.store.ExactScan.Entry;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Points by falling similarity, computed and sorted only as far as a caller takes them: for the
 * first ten of a million, only the bound of each is compared. A filter may leave out any number.
 *
 * <p>Candidates are taken by falling bound, and their similarity is computed. The best of them is
 * the best of all as soon as the next bound is below it (Fagin's threshold algorithm, with one
 * list).
 */
final class Ranking {

  /** The candidates to sort first; each further time, {@link #GROWTH} times as many. */
  private static final int FIRST = 16;

  private static final int GROWTH = 8;

  private static final Comparator<Unranked> WORST_FIRST =
      Comparator.comparingDouble(Unranked::bound)
          .thenComparing(Unranked::slot, Comparator.reverseOrder());

  private static final Comparator<Hit> BEST_FIRST =
      Comparator.comparing(Hit::similarity, Comparator.reverseOrder()).thenComparing(Hit::point);

  /** A point that was found. */
  record Hit(PointKey point, float similarity) {}

  /** A point that has not been looked at yet. */
  private record Unranked(int slot, float bound) {}

  private final Entry[] entries;
  private final float[] bounds;
  private final int size;
  private final Similarity similarity;

  /** The hits that are computed and not taken yet. */
  private final PriorityQueue<Hit> computed = new PriorityQueue<>(BEST_FIRST);

  /** The candidates with the highest bounds of those that are left, the highest one last. */
  private Unranked[] sorted = {};

  private int left;
  private int next = FIRST;

  /** The number of candidates that have been sorted so far. */
  private int seen;

  /** The last one that was sorted; all before it have been too. Null before the first. */
  private Unranked last;

  /**
   * @param entries the points to rank, and perhaps more behind them; they do not change
   * @param bounds the highest possible similarity of each, and perhaps more behind them
   * @param size the number of entries
   */
  Ranking(Entry[] entries, float[] bounds, int size, Similarity similarity) {
    this.entries = entries;
    this.bounds = bounds;
    this.size = size;
    this.similarity = similarity;
  }

  /** Takes the best point that is left, or returns null. */
  Hit next() {
    while (hasCandidate()) {
      Hit best = computed.peek();
      if (best != null && best.similarity() > sorted[left - 1].bound()) {
        break;
      }
      Entry entry = entries[sorted[--left].slot()];
      computed.add(new Hit(entry.point(), similarity.of(entry.vector())));
    }
    return computed.poll();
  }

  private boolean hasCandidate() {
    if (left == 0 && seen < size) {
      sort();
    }
    return left > 0;
  }

  private void sort() {
    PriorityQueue<Unranked> best = new PriorityQueue<>(FIRST, WORST_FIRST);
    float least = Float.NEGATIVE_INFINITY;
    float most = last == null ? Float.POSITIVE_INFINITY : last.bound();
    for (int slot = 0; slot < size; slot++) {
      // Most are passed over here, and cost no object.
      if (bounds[slot] < least || bounds[slot] > most) {
        continue;
      }
      Unranked candidate = new Unranked(slot, bounds[slot]);
      if (last == null || WORST_FIRST.compare(candidate, last) < 0) {
        best.add(candidate);
        if (best.size() > next) {
          best.remove();
          least = best.element().bound();
        }
      }
    }
    left = best.size();
    sorted = new Unranked[left];
    for (int i = 0; i < left; i++) {
      sorted[i] = best.remove();
    }
    last = sorted[0];
    seen += left;
    next = Math.min(size, next) * GROWTH;
  }
}
