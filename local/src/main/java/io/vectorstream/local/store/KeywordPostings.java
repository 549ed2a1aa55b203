package io.vectorstream.local.store;

import com.google.protobuf.ByteString;
import io.vectorstream.local.store.Database.Family;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rocksdb.RocksIterator;

/**
 * The points that hold each keyword, kept as blocks: each operation adds, per field and value, one
 * entry with all the points that gained the value and one with those that lost it. Five hundred
 * events of one batch cost a single entry for what they share, and replaying a value's blocks in
 * the order of operations gives exactly its points.
 */
final class KeywordPostings {

  private static final int LITERAL_MAX = 128;
  private static final byte LITERAL = 0;
  private static final byte DIGEST = 1;
  private static final byte LOST = 0;
  private static final byte GAINED = 1;

  private record Posting(int field, ByteString value) {}

  private static final class PointList extends ByteArrayOutputStream {
    PointList() {
      super(32);
    }

    void add(byte[] key, int from) {
      write(key, from, key.length - from);
    }
  }

  private final int collection;
  private final Map<Posting, PointList> gained = new HashMap<>();
  private final Map<Posting, PointList> lost = new HashMap<>();

  /** Begins with no changes; {@link #change} collects those of one operation. */
  KeywordPostings(int collection) {
    this.collection = collection;
  }

  /**
   * Notes a point's payload as it changes.
   *
   * @param key the point's key on disk; its id starts at {@code idAt}
   * @param before null for a new point
   * @param after null for a point that goes
   */
  void change(
      Iterable<IndexedField> fields,
      byte[] key,
      int idAt,
      StoredPayload before,
      StoredPayload after) {
    for (IndexedField field : fields) {
      List<ByteString> old = before == null ? List.of() : field.keywords(before);
      List<ByteString> now = after == null ? List.of() : field.keywords(after);
      if (old.equals(now)) {
        continue;
      }
      if (old.isEmpty() && now.size() == 1) {
        add(gained, field, now.get(0), key, idAt);
        continue;
      }
      Set<ByteString> more = new HashSet<>(now);
      old.forEach(more::remove);
      Set<ByteString> less = new HashSet<>(old);
      now.forEach(less::remove);
      more.forEach(value -> add(gained, field, value, key, idAt));
      less.forEach(value -> add(lost, field, value, key, idAt));
    }
  }

  private static void add(
      Map<Posting, PointList> target, IndexedField field, ByteString value, byte[] key, int idAt) {
    target
        .computeIfAbsent(new Posting(field.id(), value), posting -> new PointList())
        .add(key, idAt);
  }

  /** Writes the blocks of an operation; later ones are replayed later. */
  void writeOperation(Database.AtomicWrite batch, long operation) {
    write(batch, operation | Long.MIN_VALUE);
  }

  /** Writes the blocks of a new index; they are replayed before those of all operations. */
  void writeInitial(Database.AtomicWrite batch, long block) {
    write(batch, block);
  }

  private void write(Database.AtomicWrite batch, long order) {
    lost.forEach((posting, points) -> write(batch, posting, order, LOST, points));
    gained.forEach((posting, points) -> write(batch, posting, order, GAINED, points));
  }

  private void write(
      Database.AtomicWrite batch, Posting posting, long order, byte kind, PointList points) {
    byte[] prefix = prefix(collection, posting.field(), posting.value());
    byte[] key = Arrays.copyOf(prefix, prefix.length + Long.BYTES + 1);
    key[Bytes.putLong(key, prefix.length, order)] = kind;
    batch.put(Family.INDEX, key, points.toByteArray());
  }

  /**
   * Returns the points that hold the value now.
   *
   * @param most gives up when there are more; then the answer is null
   */
  static Set<PointKey> points(
      Database database, int collection, int field, ByteString value, long most) {
    Set<PointKey> points = new HashSet<>();
    boolean complete =
        forEachBlock(
            database,
            prefix(collection, field, value),
            (gain, ids) -> {
              for (int at = 0; at < ids.length; ) {
                PointKey point = PointKey.read(ids, at);
                at += point.size();
                if (gain) {
                  points.add(point);
                } else {
                  points.remove(point);
                }
              }
              return points.size() <= most;
            });
    return complete ? points : null;
  }

  /** Counts the points that hold the value now. */
  static long count(Database database, int collection, int field, ByteString value) {
    long[] count = {0};
    forEachBlock(
        database,
        prefix(collection, field, value),
        (gain, ids) -> {
          for (int at = 0; at < ids.length; at += PointKey.sizeAt(ids, at)) {
            count[0] += gain ? 1 : -1;
          }
          return true;
        });
    return count[0];
  }

  private interface BlockReader {
    /** Reads one block, and tells whether to go on. */
    boolean read(boolean gain, byte[] ids);
  }

  private static boolean forEachBlock(Database database, byte[] prefix, BlockReader reader) {
    try (RocksIterator blocks = database.iterate(Family.INDEX)) {
      for (blocks.seek(prefix); blocks.isValid(); blocks.next()) {
        byte[] key = blocks.key();
        if (!Bytes.startsWith(key, prefix)) {
          break;
        }
        if (!reader.read(key[key.length - 1] == GAINED, blocks.value())) {
          return false;
        }
      }
    }
    return true;
  }

  static byte[] prefix(int collection, int field) {
    byte[] prefix = new byte[2 * Integer.BYTES];
    Bytes.putInt(prefix, Bytes.putInt(prefix, 0, collection), field);
    return prefix;
  }

  private static byte[] prefix(int collection, int field, ByteString value) {
    boolean literal = value.size() <= LITERAL_MAX;
    byte[] stored = literal ? value.toByteArray() : digest(value);
    byte[] prefix = new byte[2 * Integer.BYTES + 2 + stored.length];
    int at = Bytes.putInt(prefix, Bytes.putInt(prefix, 0, collection), field);
    prefix[at++] = literal ? LITERAL : DIGEST;
    prefix[at++] = (byte) stored.length;
    System.arraycopy(stored, 0, prefix, at, stored.length);
    return prefix;
  }

  private static byte[] digest(ByteString value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value.toByteArray());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
