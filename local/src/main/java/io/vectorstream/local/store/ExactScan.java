package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.Distance;
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
 * <p>Dot products are bounded from {@link RoundedVectors} first; {@link Ranking} computes those
 * that may matter. What takes the time is to fetch the vectors from memory. So one pass over them
 * is under way at a time, and answers every search that has come while the pass before was.
 */
final class ExactScan {

  private static final int WIDTH = RoundedVectors.WIDTH;

  /**
   * The coordinates from which a scan uses several cores; a smaller one ends before others are
   * free.
   */
  private static final long PARALLEL_FROM_COORDINATES = 40_000_000;

  /** A point and its vector, which does not change. */
  record Entry(PointKey point, float[] vector) {}

  private final VectorSpec spec;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<PointKey, Integer> slots = new HashMap<>();
  private Entry[] entries = new Entry[WIDTH];
  private int size;

  /** Null if the distance is no dot product, or the JVM lacks the Vector API. */
  private final RoundedVectors rounded;

  /** True while rankings hold {@link #entries}: entries may then be added, but none be changed. */
  private volatile boolean entriesAreHeld;

  private final Queue<Asked> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock passing = new ReentrantLock();

  /** A search of all vectors. Only the thread that holds {@link #passing} uses its fields. */
  private final class Asked {
    private final Similarity similarity;

    /** Null if vectors have to be compared as they are. */
    private final RoundedVectors.Query query;

    private float[] bounds;
    private Ranking ranking;

    private Asked(Similarity similarity) {
      this.similarity = similarity;
      this.query =
          rounded != null && similarity instanceof Similarity.DotProduct product
              ? rounded.query(product.query())
              : null;
    }

    private void compare(int block) {
      int from = block * WIDTH;
      if (query != null) {
        query.bounds(block, bounds, from);
        return;
      }
      for (int slot = from; slot < Math.min(size, from + WIDTH); slot++) {
        bounds[slot] = similarity.of(entries[slot].vector());
      }
    }
  }

  ExactScan(VectorSpec spec) {
    this.spec = spec;
    boolean products = spec.distance() == Distance.Dot || spec.distance() == Distance.Cosine;
    this.rounded = products && RoundedVectors.AVAILABLE ? new RoundedVectors(spec.size()) : null;
  }

  /**
   * Sets a point's vector. One thread at a time calls this.
   *
   * @param values as prepared by {@link VectorSpec}, not changed any more; null takes the vector
   *     out
   */
  void put(PointKey point, float[] values) {
    // Most writes change a point's payload alone. Searches go on meanwhile.
    if (values != null && holds(point, values)) {
      return;
    }
    lock.writeLock().lock();
    try {
      Integer known = slots.get(point);
      if (values != null) {
        set(known == null ? append(point) : known, new Entry(point, values));
      } else if (known != null) {
        remove(known);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean holds(PointKey point, float[] values) {
    lock.readLock().lock();
    try {
      Integer slot = slots.get(point);
      return slot != null && Arrays.equals(entries[slot].vector(), values);
    } finally {
      lock.readLock().unlock();
    }
  }

  private int append(PointKey point) {
    int slot = size++;
    if (slot == entries.length) {
      entries = Arrays.copyOf(entries, entries.length * 2);
      entriesAreHeld = false;
    }
    slots.put(point, slot);
    return slot;
  }

  private void set(int slot, Entry entry) {
    if (entries[slot] != null) {
      unhold();
    }
    entries[slot] = entry;
    if (rounded != null) {
      rounded.set(slot, entry.vector());
    }
  }

  /** Removes an entry; the last one takes its place. */
  private void remove(int slot) {
    slots.remove(entries[slot].point());
    unhold();
    int last = --size;
    if (slot != last) {
      slots.put(entries[last].point(), slot);
      set(slot, entries[last]);
    }
    entries[last] = null;
  }

  private void unhold() {
    if (entriesAreHeld) {
      entries = entries.clone();
      entriesAreHeld = false;
    }
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

  /** Returns this search and all that wait at this moment. */
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
      together.forEach(asked -> asked.bounds = new float[used * WIDTH]);
      IntStream each = IntStream.range(0, used);
      if ((long) size * spec.size() >= PARALLEL_FROM_COORDINATES) {
        each = each.parallel();
      }
      each.forEach(block -> together.forEach(asked -> asked.compare(block)));
      entriesAreHeld = true;
      together.forEach(
          asked -> asked.ranking = new Ranking(entries, asked.bounds, size, asked.similarity));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Compares the vectors of these points only. */
  Ranking rank(Similarity similarity, Set<PointKey> only) {
    lock.readLock().lock();
    try {
      Entry[] wanted =
          only.stream()
              .map(slots::get)
              .filter(Objects::nonNull)
              .sorted()
              .map(slot -> entries[slot])
              .toArray(Entry[]::new);
      float[] bounds = new float[wanted.length];
      for (int i = 0; i < wanted.length; i++) {
        bounds[i] = similarity.of(wanted[i].vector());
      }
      return new Ranking(wanted, bounds, wanted.length, similarity);
    } finally {
      lock.readLock().unlock();
    }
  }
}
