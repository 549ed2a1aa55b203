package io.vectorstream.local.system;

import io.vectorstream.local.points.ForeignCollection;
import io.vectorstream.local.probe.NearbyVectors;
import io.vectorstream.store.StoreException;
import java.util.List;

/** The recall of searches in a collection: of the really nearest, those that a search finds. */
final class StoreRecall {
  private static final int SEARCHES = 100;
  private static final int LIMIT = 10;
  private static final int SAMPLE = 1000;

  /** The difference of scores that counts as none: two computations may round differently. */
  private static final double SAME = 1e-5;

  private StoreRecall() {}

  /**
   * Searches near the vectors of stored points, as the store does by itself and with every point
   * compared. Points may be equally near, so what counts is that a found one is as near as the last
   * of the really nearest.
   *
   * @return 0 to 1; NaN if no point has a vector, or the store refuses to compare with every point
   */
  static double of(ForeignCollection collection, long seed) {
    List<float[]> stored = collection.vectors(SAMPLE);
    if (stored.isEmpty()) {
      return Double.NaN;
    }
    try {
      return recall(collection, NearbyVectors.of(stored, seed));
    } catch (StoreException e) {
      return Double.NaN;
    }
  }

  private static double recall(ForeignCollection collection, NearbyVectors vectors) {
    long wanted = 0;
    long found = 0;
    for (int i = 0; i < SEARCHES; i++) {
      float[] vector = vectors.next();
      List<Float> nearest = List.copyOf(collection.nearest(vector, LIMIT, true).values());
      float last = nearest.get(nearest.size() - 1);
      wanted += nearest.size();
      found +=
          collection.nearest(vector, LIMIT, false).values().stream()
              .filter(score -> score >= last - SAME)
              .count();
    }
    return (double) found / wanted;
  }
}
