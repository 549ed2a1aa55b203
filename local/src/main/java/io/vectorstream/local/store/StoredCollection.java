package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.CreateCollection;
import io.vectorstream.local.store.Database.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.rocksdb.RocksIterator;

/**
 * One collection: its settings and its points. Writers take turns, each operation is applied whole
 * or not at all; readers never wait for them.
 */
final class StoredCollection {

  static final int ID_AT = Integer.BYTES;

  final String name;
  final int id;
  final Database database;

  private final ReentrantLock writing = new ReentrantLock();

  /** Null for points with a payload only. */
  private final VectorSpec vector;

  /** The sparse vectors that points may have, by their names. */
  private volatile Map<String, SparseVectors> sparse;

  /** The vectors in memory; null until the first search. */
  private volatile ExactScan scan;

  private final Map<String, NewestPoints> newest = new ConcurrentHashMap<>();
  private volatile CreateCollection settings;
  private volatile Map<String, IndexedField> indexes;
  private volatile List<IndexedField> indexesOnDisk;
  private volatile Counters counters;
  private volatile boolean dropped;

  /** The numbers of points in the collection, and of operations on it. */
  record Counters(long points, long operation) {
    byte[] encode() {
      byte[] bytes = new byte[2 * Long.BYTES];
      Bytes.putLong(bytes, Bytes.putLong(bytes, 0, points), operation);
      return bytes;
    }

    static Counters decode(byte[] bytes) {
      return bytes == null
          ? new Counters(0, 0)
          : new Counters(Bytes.getLong(bytes, 0), Bytes.getLong(bytes, Long.BYTES));
    }
  }

  StoredCollection(
      Database database,
      String name,
      int id,
      CreateCollection settings,
      Map<String, IndexedField> indexes) {
    this.database = database;
    this.name = name;
    this.id = id;
    this.settings = settings;
    this.vector = CollectionSettings.vector(settings);
    this.sparse = sparse(settings);
    this.counters = Counters.decode(database.get(Family.META, countersKey()));
    indexes(indexes);
  }

  CreateCollection settings() {
    return settings;
  }

  /** Takes other settings over; sparse vectors may have been added, and none be gone. */
  void settings(CreateCollection changed) {
    settings = changed;
    Map<String, SparseVectors> all = sparse(changed);
    all.putAll(sparse);
    sparse = all;
  }

  private Map<String, SparseVectors> sparse(CreateCollection given) {
    Map<String, SparseVectors> all = new TreeMap<>();
    given
        .getSparseVectorsConfig()
        .getMapMap()
        .forEach((own, params) -> all.put(own, new SparseVectors(this, own, params)));
    return all;
  }

  Map<String, SparseVectors> sparse() {
    return sparse;
  }

  /** Returns whether a point has the vector of this name, empty for the dense one. */
  boolean hasVector(PointKey point, String vectorName) {
    SparseVectors own = sparse.get(vectorName);
    if (own != null) {
      return own.get(point) != null;
    }
    return vectorName.isEmpty() && vector(point) != null;
  }

  Map<String, IndexedField> indexes() {
    return indexes;
  }

  List<IndexedField> indexesOnDisk() {
    return indexesOnDisk;
  }

  void indexes(Map<String, IndexedField> changed) {
    indexes = new TreeMap<>(changed);
    newest.clear();
    indexesOnDisk = changed.values().stream().filter(IndexedField::keptOnDisk).toList();
  }

  Counters counters() {
    return counters;
  }

  boolean hasVectors() {
    return vector != null;
  }

  /**
   * @param vectorName empty for the one vector, which has no name
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the collection has no such vector
   */
  VectorSpec vector(String vectorName) {
    if (vector == null || !vectorName.isEmpty()) {
      throw Refusal.wrongInput("Not existing vector name error: " + vectorName);
    }
    return vector;
  }

  byte[] countersKey() {
    byte[] key = new byte[1 + Integer.BYTES];
    key[0] = 'n';
    Bytes.putInt(key, 1, id);
    return key;
  }

  byte[] prefix() {
    byte[] prefix = new byte[Integer.BYTES];
    Bytes.putInt(prefix, 0, id);
    return prefix;
  }

  byte[] pointKey(PointKey point) {
    byte[] key = new byte[ID_AT + point.size()];
    Bytes.putInt(key, 0, id);
    point.write(key, ID_AT);
    return key;
  }

  /** Returns the key of a point's vector: that of the point, and a zero behind it. */
  private byte[] vectorKey(PointKey point) {
    byte[] key = new byte[ID_AT + point.size() + 1];
    Bytes.putInt(key, 0, id);
    point.write(key, ID_AT);
    return key;
  }

  /** Runs one operation alone; its changes are written together when {@code work} returns. */
  <T> T change(Function<CollectionChange, T> work) {
    writing.lock();
    try (CollectionChange change = new CollectionChange(this)) {
      if (dropped) {
        throw Refusal.noCollection(name);
      }
      T result = work.apply(change);
      change.commit();
      counters = change.counters();
      if (scan != null) {
        change.vectors().forEach(scan::put);
      }
      change.sparse().forEach((own, values) -> values.forEach(sparse.get(own)::written));
      newest.values().forEach(kept -> change.payloads().forEach(kept::put));
      return result;
    } finally {
      writing.unlock();
    }
  }

  /** Runs {@code work} while nobody writes; for changes of the collection itself. */
  void alone(Runnable work) {
    writing.lock();
    try {
      if (dropped) {
        throw Refusal.noCollection(name);
      }
      work.run();
    } finally {
      writing.unlock();
    }
  }

  /** Refuses writers and later readers from now on. To be called within {@link #alone}. */
  void drop() {
    dropped = true;
    scan = null;
    newest.clear();
  }

  /** Returns the stored points, with null for those that do not exist. */
  List<StoredPoint> get(List<PointKey> points) {
    List<byte[]> keys = new ArrayList<>(points.size());
    points.forEach(point -> keys.add(pointKey(point)));
    List<byte[]> values = database.get(Family.POINTS, keys);
    List<StoredPoint> found = new ArrayList<>(points.size());
    for (int i = 0; i < keys.size(); i++) {
      byte[] value = values.get(i);
      found.add(value == null ? null : new StoredPoint(points.get(i), value));
    }
    return found;
  }

  StoredPoint get(PointKey point) {
    byte[] value = database.get(Family.POINTS, pointKey(point));
    return value == null ? null : new StoredPoint(point, value);
  }

  /** Returns a point's vector as it is kept, or null. */
  float[] vector(PointKey point) {
    byte[] bytes = vector == null ? null : database.get(Family.VECTORS, vectorKey(point));
    return bytes == null ? null : Bytes.toFloats(bytes);
  }

  void putVector(Database.AtomicWrite batch, PointKey point, float[] values) {
    if (values == null) {
      batch.delete(Family.VECTORS, vectorKey(point));
    } else {
      batch.put(Family.VECTORS, vectorKey(point), Bytes.ofFloats(values));
    }
  }

  /**
   * Hands over the points in the order of their ids, until {@code more} answers false.
   *
   * @param from the first id, or null for all
   */
  void forEach(PointKey from, Predicate<StoredPoint> more) {
    byte[] prefix = prefix();
    try (RocksIterator points = database.iterate(Family.POINTS)) {
      for (points.seek(from == null ? prefix : pointKey(from)); points.isValid(); points.next()) {
        byte[] key = points.key();
        if (!Bytes.startsWith(key, prefix)
            || !more.test(new StoredPoint(PointKey.read(key, ID_AT), points.value()))) {
          break;
        }
      }
    }
  }

  /**
   * Returns the points with the latest times in a field, the latest first; the first call looks at
   * every point.
   *
   * @param limit {@link NewestPoints#MOST} at most
   */
  List<NewestPoints.Timed> newest(IndexedField field, long limit) {
    NewestPoints kept = newest.get(field.name());
    List<NewestPoints.Timed> first = kept == null ? null : kept.first(limit);
    if (first != null) {
      return first;
    }
    NewestPoints loaded = new NewestPoints(field);
    alone(
        () -> {
          forEach(
              null,
              point -> {
                loaded.put(point.key(), point.fields());
                return true;
              });
          newest.put(field.name(), loaded);
        });
    return loaded.first(limit);
  }

  /** Returns the vectors in memory; the first search reads them from disk. */
  ExactScan scan() {
    ExactScan loaded = scan;
    if (loaded == null) {
      alone(
          () -> {
            if (scan == null) {
              scan = load();
            }
          });
      loaded = scan;
    }
    if (loaded == null) {
      throw Refusal.noCollection(name);
    }
    return loaded;
  }

  private ExactScan load() {
    ExactScan loaded = new ExactScan(vector);
    byte[] prefix = prefix();
    try (RocksIterator stored = database.iterate(Family.VECTORS)) {
      for (stored.seek(prefix); stored.isValid(); stored.next()) {
        byte[] key = stored.key();
        if (!Bytes.startsWith(key, prefix)) {
          break;
        }
        loaded.put(PointKey.read(key, ID_AT), Bytes.toFloats(stored.value()));
      }
    }
    return loaded;
  }
}
