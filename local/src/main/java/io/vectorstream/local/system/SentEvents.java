package io.vectorstream.local.system;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * The valid events that were sent, each once: its id, when it was due, and a hash of the fields
 * that can be compared. An event takes 32 bytes, so millions fit. One thread adds them; when it is
 * done, others may look them up.
 */
final class SentEvents {
  private static final int START = 1 << 14;

  private long[] most = new long[START];
  private long[] least = new long[START];
  private long[] dueMicros = new long[START];
  private long[] fieldHashes = new long[START];
  private volatile int size;

  /** The index of each event plus 1, in open addressing; made by the first look-up. */
  private int[] table;

  void add(UUID id, long due, long fieldHash) {
    int index = size;
    if (index == most.length) {
      int larger = Math.multiplyExact(2, index);
      most = Arrays.copyOf(most, larger);
      least = Arrays.copyOf(least, larger);
      dueMicros = Arrays.copyOf(dueMicros, larger);
      fieldHashes = Arrays.copyOf(fieldHashes, larger);
    }
    most[index] = id.getMostSignificantBits();
    least[index] = id.getLeastSignificantBits();
    dueMicros[index] = due;
    fieldHashes[index] = fieldHash;
    size = index + 1;
  }

  int size() {
    return size;
  }

  UUID id(int index) {
    return new UUID(most[index], least[index]);
  }

  long dueMicros(int index) {
    return dueMicros[index];
  }

  long fieldHash(int index) {
    return fieldHashes[index];
  }

  /** Returns the index of the event with that id, or -1; nothing may be added after it. */
  int indexOf(String id) {
    return uuid(id).map(this::indexOf).orElse(-1);
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      // The id of a broken record may be anything.
      return Optional.empty();
    }
  }

  private synchronized int indexOf(UUID id) {
    if (table == null) {
      fillTable();
    }
    for (int slot = slot(id.getMostSignificantBits(), id.getLeastSignificantBits());
        table[slot] != 0;
        slot = slot + 1 & table.length - 1) {
      int index = table[slot] - 1;
      if (most[index] == id.getMostSignificantBits()
          && least[index] == id.getLeastSignificantBits()) {
        return index;
      }
    }
    return -1;
  }

  private void fillTable() {
    table = new int[Integer.highestOneBit(Math.max(1, size)) << 2];
    for (int i = 0; i < size; i++) {
      int slot = slot(most[i], least[i]);
      while (table[slot] != 0) {
        slot = slot + 1 & table.length - 1;
      }
      table[slot] = i + 1;
    }
  }

  private int slot(long most, long least) {
    long mixed = (most ^ Long.rotateLeft(least, 32)) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32) & table.length - 1;
  }
}
