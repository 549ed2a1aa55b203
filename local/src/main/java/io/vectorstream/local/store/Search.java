package io.vectorstream.local.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A search by vectors, ready to run.
 *
 * @param nearest whether scores are those of the distance; otherwise they are the similarity's own
 * @param except the points that were given as examples: they are not found
 * @param threshold null for none
 */
record Search(
    StoredCollection collection,
    VectorSpec spec,
    Similarity similarity,
    boolean nearest,
    Set<PointKey> except,
    Selection selection,
    Float threshold) {

  /** The points from {@code offset} on, best first. */
  List<ScoredHit> run(long offset, long limit) {
    List<ScoredHit> found = new ArrayList<>();
    long[] skip = {offset};
    if (limit > 0) {
      forEach(
          hit -> {
            if (skip[0] > 0) {
              skip[0]--;
            } else {
              found.add(hit);
            }
            return found.size() < limit;
          });
    }
    return found;
  }

  /** Hands over all points, best first, until {@code more} answers false. */
  void forEach(Predicate<ScoredHit> more) {
    Ranking ranking = ranking();
    Ranking.Hit hit;
    while ((hit = ranking.next()) != null) {
      float score = score(hit);
      if (below(score)) {
        return;
      }
      if (except.contains(hit.point())) {
        continue;
      }
      StoredPoint point = collection.get(hit.point());
      if (point != null
          && selection.matches(point)
          && !more.test(new ScoredHit(point, score, null))) {
        return;
      }
    }
  }

  private Ranking ranking() {
    ExactScan scan = collection.scan(spec);
    Set<PointKey> candidates = selection.candidates();
    return candidates == null ? scan.rank(similarity) : scan.rank(similarity, candidates);
  }

  private float score(Ranking.Hit hit) {
    return nearest ? spec.score(hit.similarity()) : hit.similarity();
  }

  private boolean below(float score) {
    return threshold != null
        && (spec.higherIsBetter() ? !(score > threshold) : !(score < threshold));
  }
}
