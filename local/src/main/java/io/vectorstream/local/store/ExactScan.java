package io.vectorstream.local.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/**
 * All vectors of one name in memory, compared one by one: never wrong, and fast enough for a few
 * hundred thousand. Large collections are split over the cores.
 */
final class ExactScan {

  private static final int BLOCK = 1024;
  private static final long PARALLEL_FROM_FLOATS = 4_000_000;

  private final VectorSpec spec;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final List<float[]> blocks = new ArrayList<>();
  private final Map<PointKey, Integer> slots = new HashMap<>();
  private PointKey[] points = new PointKey[BLOCK];
  private int size;

  ExactScan(VectorSpec spec) {
    this.spec = spec;
  }

  /**
   * Sets a point's vector.
   *
   * @param values as prepared by {@link VectorSpec}; null takes the vector out
   */
  void put(PointKey point, float[] values) {
    lock.writeLock().lock();
    try {
      if (values == null) {
        remove(point);
      } else {
        Integer slot = slots.get(point);
        System.arraycopy(
            values,
            0,
            block(slot == null ? append(point) : slot),
            at(slots.get(point)),
            spec.size());
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private int append(PointKey point) {
    int slot = size++;
    if (slot == points.length) {
      points = Arrays.copyOf(points, points.length * 2);
    }
    if (slot / BLOCK == blocks.size()) {
      blocks.add(new float[BLOCK * spec.size()]);
    }
    points[slot] = point;
    slots.put(point, slot);
    return slot;
  }

  private void remove(PointKey point) {
    Integer slot = slots.remove(point);
    if (slot == null) {
      return;
    }
    int last = --size;
    if (slot != last) {
      System.arraycopy(block(last), at(last), block(slot), at(slot), spec.size());
      points[slot] = points[last];
      slots.put(points[slot], slot);
    }
    points[last] = null;
  }

  private float[] block(int slot) {
    return blocks.get(slot / BLOCK);
  }

  private int at(int slot) {
    return slot % BLOCK * spec.size();
  }

  /** Compares every vector; the best comes first. */
  Ranking rank(Similarity similarity) {
    lock.readLock().lock();
    try {
      float[] scores = new float[size];
      IntStream chunks = IntStream.range(0, (size + BLOCK - 1) / BLOCK);
      if ((long) size * spec.size() >= PARALLEL_FROM_FLOATS) {
        chunks = chunks.parallel();
      }
      chunks.forEach(chunk -> score(chunk, similarity, scores));
      return new Ranking(Arrays.copyOf(points, size), scores);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void score(int chunk, Similarity similarity, float[] scores) {
    float[] block = blocks.get(chunk);
    int first = chunk * BLOCK;
    int count = Math.min(BLOCK, scores.length - first);
    for (int i = 0; i < count; i++) {
      scores[first + i] = similarity.of(block, i * spec.size());
    }
  }

  /** Compares the vectors of these points only. */
  Ranking rank(Similarity similarity, Set<PointKey> only) {
    lock.readLock().lock();
    try {
      PointKey[] keys = new PointKey[only.size()];
      float[] scores = new float[only.size()];
      int count = 0;
      for (PointKey key : only) {
        Integer slot = slots.get(key);
        if (slot != null) {
          keys[count] = key;
          scores[count++] = similarity.of(block(slot), at(slot));
        }
      }
      return new Ranking(Arrays.copyOf(keys, count), Arrays.copyOf(scores, count));
    } finally {
      lock.readLock().unlock();
    }
  }
}
