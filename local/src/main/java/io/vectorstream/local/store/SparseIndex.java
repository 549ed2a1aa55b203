package io.vectorstream.local.store;

import io.vectorstream.local.store.Ranking.Hit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * All sparse vectors of one name in memory, and for each index the points that have it. A search
 * looks at those of its own indexes alone; its answer is exact.
 *
 * <p>With {@code idf} each value of a search is multiplied by {@code ln((n - df + 0.5) / (df + 0.5)
 * + 1)}, as Qdrant 1.18 does: {@code n} vectors that are not empty, {@code df} of them with the
 * index, counted as they are at that moment.
 */
final class SparseIndex {

  private static final Comparator<Hit> BEST_FIRST =
      Comparator.comparing(Hit::similarity, Comparator.reverseOrder()).thenComparing(Hit::point);

  private final boolean idf;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<PointKey, Integer> slots = new HashMap<>();
  private final List<PointKey> points = new ArrayList<>();
  private final List<SparseValues> vectors = new ArrayList<>();
  private final Map<Integer, Postings> postings = new HashMap<>();

  /** The slots of the points that have an index, in no order. */
  private static final class Postings {
    private int[] slots = new int[2];
    private int size;

    private void add(int slot) {
      if (size == slots.length) {
        slots = Arrays.copyOf(slots, size * 2);
      }
      slots[size++] = slot;
    }

    private void remove(int slot) {
      slots[at(slot)] = slots[--size];
    }

    private void replace(int slot, int other) {
      slots[at(slot)] = other;
    }

    private int at(int slot) {
      int at = 0;
      while (slots[at] != slot) {
        at++;
      }
      return at;
    }
  }

  SparseIndex(boolean idf) {
    this.idf = idf;
  }

  /**
   * Sets a point's vector.
   *
   * @param values null takes the vector out
   */
  void put(PointKey point, SparseValues values) {
    lock.writeLock().lock();
    try {
      Integer known = slots.get(point);
      if (known != null
          && values != null
          && Arrays.equals(values.indices(), vectors.get(known).indices())) {
        // Most writes of a point change other parts of it.
        vectors.set(known, values);
        return;
      }
      if (known != null) {
        remove(known);
      }
      if (values != null && !values.isEmpty()) {
        append(point, values);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void append(PointKey point, SparseValues values) {
    int slot = points.size();
    points.add(point);
    vectors.add(values);
    slots.put(point, slot);
    for (int index : values.indices()) {
      postings.computeIfAbsent(index, none -> new Postings()).add(slot);
    }
  }

  /** Removes a point; the last one takes its place. */
  private void remove(int slot) {
    for (int index : vectors.get(slot).indices()) {
      Postings having = postings.get(index);
      having.remove(slot);
      if (having.size == 0) {
        postings.remove(index);
      }
    }
    slots.remove(points.get(slot));
    int last = points.size() - 1;
    PointKey moved = points.remove(last);
    SparseValues values = vectors.remove(last);
    if (slot != last) {
      points.set(slot, moved);
      vectors.set(slot, values);
      slots.put(moved, slot);
      for (int index : values.indices()) {
        postings.get(index).replace(last, slot);
      }
    }
  }

  /**
   * Returns the points that have an index of the query, by falling dot product; those of equal ones
   * by their ids.
   */
  List<Hit> rank(SparseValues query) {
    lock.readLock().lock();
    try {
      Map<Integer, Float> scores = new HashMap<>();
      for (int i = 0; i < query.indices().length; i++) {
        int index = query.indices()[i];
        Postings having = postings.get(index);
        if (having == null) {
          continue;
        }
        float weight = query.values()[i] * (idf ? idf(points.size(), having.size) : 1);
        for (int at = 0; at < having.size; at++) {
          int slot = having.slots[at];
          scores.merge(slot, weight * vectors.get(slot).value(index), Float::sum);
        }
      }
      List<Hit> hits = new ArrayList<>(scores.size());
      scores.forEach((slot, score) -> hits.add(new Hit(points.get(slot), score)));
      hits.sort(BEST_FIRST);
      return hits;
    } finally {
      lock.readLock().unlock();
    }
  }

  private static float idf(float n, float df) {
    return (float) Math.log((n - df + 0.5f) / (df + 0.5f) + 1);
  }
}
