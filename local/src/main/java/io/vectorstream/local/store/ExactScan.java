package io.vectorstream.local.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/**
 * All vectors of one name in memory, compared one by one: never wrong, and fast enough for a few
 * hundred thousand. Large collections are split over the cores.
 *
 * <p>What takes the time is to fetch the vectors from memory. So one pass over them is under way at
 * a time, and answers every search that has come while the pass before was.
 */
final class ExactScan {

  private static final int WIDTH = Similarity.WIDTH;

  /** Some 5 ms on one core. For less it does not pay to wait until another one is free. */
  private static final long PARALLEL_FROM_FLOATS = 40_000_000;

  private final VectorSpec spec;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final List<float[]> blocks = new ArrayList<>();
  private final Map<PointKey, Integer> slots = new HashMap<>();
  private PointKey[] points = new PointKey[WIDTH];
  private int size;

  /** Whether rankings hold {@link #points}: what is in it may not change then, only be added to. */
  private volatile boolean pointsAreHeld;

  private final Queue<Asked> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock passing = new ReentrantLock();

  /** A search of all vectors. Its fields belong to who holds {@link #passing}. */
  private static final class Asked {
    private final Similarity similarity;
    private float[] scores;
    private Ranking ranking;

    private Asked(Similarity similarity) {
      this.similarity = similarity;
    }
  }

  ExactScan(VectorSpec spec) {
    this.spec = spec;
  }

  /**
   * Sets a point's vector. One thread at a time calls this.
   *
   * @param values as prepared by {@link VectorSpec}; null takes the vector out
   */
  void put(PointKey point, float[] values) {
    // Most writes change a point's payload alone. Searches go on meanwhile.
    if (values != null && holds(point, values)) {
      return;
    }
    lock.writeLock().lock();
    try {
      if (values == null) {
        remove(point);
      } else {
        Integer known = slots.get(point);
        int slot = known == null ? append(point) : known;
        float[] block = blocks.get(slot / WIDTH);
        for (int c = 0; c < values.length; c++) {
          block[c * WIDTH + slot % WIDTH] = values[c];
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean holds(PointKey point, float[] values) {
    lock.readLock().lock();
    try {
      Integer slot = slots.get(point);
      if (slot == null) {
        return false;
      }
      float[] block = blocks.get(slot / WIDTH);
      for (int c = 0; c < values.length; c++) {
        if (block[c * WIDTH + slot % WIDTH] != values[c]) {
          return false;
        }
      }
      return true;
    } finally {
      lock.readLock().unlock();
    }
  }

  private int append(PointKey point) {
    int slot = size++;
    if (slot == points.length) {
      points = Arrays.copyOf(points, points.length * 2);
      pointsAreHeld = false;
    }
    if (slot / WIDTH == blocks.size()) {
      blocks.add(new float[WIDTH * spec.size()]);
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
    if (pointsAreHeld) {
      points = points.clone();
      pointsAreHeld = false;
    }
    int last = --size;
    if (slot != last) {
      float[] from = blocks.get(last / WIDTH);
      float[] to = blocks.get(slot / WIDTH);
      for (int c = 0; c < spec.size(); c++) {
        to[c * WIDTH + slot % WIDTH] = from[c * WIDTH + last % WIDTH];
      }
      points[slot] = points[last];
      slots.put(points[slot], slot);
    }
    points[last] = null;
  }

  /** Compares every vector; the best comes first. */
  Ranking rank(Similarity similarity) {
    Asked asked = new Asked(similarity);
    waiting.add(asked);
    passing.lock();
    try {
      // Perhaps whoever went before has answered it.
      if (asked.ranking == null) {
        List<Asked> together = together(asked);
        try {
          pass(together);
        } catch (RuntimeException e) {
          // Of whichever search it is: each of the others tries on its own.
          pass(List.of(asked));
        }
      }
      return asked.ranking;
    } finally {
      passing.unlock();
    }
  }

  /** This one, and all that wait just now. */
  private List<Asked> together(Asked first) {
    List<Asked> together = new ArrayList<>(List.of(first));
    for (Asked asked = waiting.poll(); asked != null; asked = waiting.poll()) {
      if (asked != first) {
        together.add(asked);
      }
    }
    return together;
  }

  private void pass(List<Asked> together) {
    lock.readLock().lock();
    try {
      int used = (size + WIDTH - 1) / WIDTH;
      together.forEach(asked -> asked.scores = new float[used * WIDTH]);
      IntStream each = IntStream.range(0, used);
      if ((long) size * spec.size() >= PARALLEL_FROM_FLOATS) {
        each = each.parallel();
      }
      each.forEach(
          block ->
              together.forEach(
                  asked -> asked.similarity.of(blocks.get(block), asked.scores, block * WIDTH)));
      pointsAreHeld = true;
      together.forEach(asked -> asked.ranking = new Ranking(points, asked.scores, size));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Compares the vectors of these points only. */
  Ranking rank(Similarity similarity, Set<PointKey> only) {
    lock.readLock().lock();
    try {
      int[] wanted =
          only.stream()
              .map(slots::get)
              .filter(Objects::nonNull)
              .mapToInt(Integer::intValue)
              .sorted()
              .toArray();
      PointKey[] keys = new PointKey[wanted.length];
      float[] scores = new float[wanted.length];
      float[] ofBlock = new float[WIDTH];
      for (int i = 0; i < wanted.length; i++) {
        int block = wanted[i] / WIDTH;
        if (i == 0 || block != wanted[i - 1] / WIDTH) {
          similarity.of(blocks.get(block), ofBlock, 0);
        }
        keys[i] = points[wanted[i]];
        scores[i] = ofBlock[wanted[i] % WIDTH];
      }
      return new Ranking(keys, scores, wanted.length);
    } finally {
      lock.readLock().unlock();
    }
  }
}
