package io.vectorstream.local.store;

import io.vectorstream.local.store.Database.Family;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One operation on a collection while it is put together: points, vectors, keyword index and the
 * counters go to disk in one write. Made by {@link StoredCollection#change}.
 */
final class CollectionChange implements AutoCloseable {

  private final StoredCollection collection;
  private final Database.AtomicWrite batch;
  private final KeywordPostings postings;
  private final Map<PointKey, float[]> vectors = new LinkedHashMap<>();
  private final Map<String, Map<PointKey, SparseValues>> sparse = new HashMap<>();
  private final Map<PointKey, StoredPayload> payloads = new LinkedHashMap<>();
  private final long operation;
  private long points;
  private boolean empty = true;

  CollectionChange(StoredCollection collection) {
    this.collection = collection;
    this.batch = collection.database.batch();
    this.postings = new KeywordPostings(collection.id);
    this.operation = collection.counters().operation() + 1;
    this.points = collection.counters().points();
  }

  long operation() {
    return operation;
  }

  StoredCollection.Counters counters() {
    return new StoredCollection.Counters(points, operation);
  }

  /** Returns the points whose payloads changed, with null for those that are gone. */
  Map<PointKey, StoredPayload> payloads() {
    return payloads;
  }

  /** Returns the vectors that changed by their points, with null for those that are gone. */
  Map<PointKey, float[]> vectors() {
    return vectors;
  }

  /** Returns the sparse vectors that changed by their names, in the same way. */
  Map<String, Map<PointKey, SparseValues>> sparse() {
    return sparse;
  }

  /**
   * Writes whole points; of an id given twice, the last counts.
   *
   * @param may tests the stored point, null if there is none: true lets the given one take its
   *     place
   */
  void upsert(List<RawPoint> given, Map<PointKey, PointValues> own, Predicate<StoredPoint> may) {
    List<RawPoint> distinct = lastOfEach(given);
    List<StoredPoint> existing = collection.get(distinct.stream().map(RawPoint::key).toList());
    for (int i = 0; i < distinct.size(); i++) {
      RawPoint point = distinct.get(i);
      StoredPoint before = existing.get(i);
      if (!may.test(before)) {
        continue;
      }
      put(point.key(), before, point.payload());
      if (collection.hasVectors()) {
        float[] values = values(own, point).dense();
        if (values != null || before != null) {
          putVector(point.key(), values);
        }
      }
      for (String name : collection.sparse().keySet()) {
        SparseValues values = values(own, point).sparse().get(name);
        if (values != null || before != null) {
          putSparse(name, point.key(), values);
        }
      }
    }
  }

  private static PointValues values(Map<PointKey, PointValues> own, RawPoint point) {
    return own.getOrDefault(point.key(), PointValues.NONE);
  }

  private static List<RawPoint> lastOfEach(List<RawPoint> points) {
    Map<PointKey, RawPoint> last = new LinkedHashMap<>(points.size() * 2);
    points.forEach(point -> last.put(point.key(), point));
    return last.size() == points.size() ? points : List.copyOf(last.values());
  }

  /**
   * Writes a point's payload.
   *
   * @param before the point as it is, null for a new one
   */
  void put(PointKey point, StoredPoint before, byte[] payload) {
    byte[] key = collection.pointKey(point);
    byte[] value = StoredPoint.encode(operation, payload);
    batch.put(Family.POINTS, key, value);
    StoredPayload after = new StoredPayload(value, StoredPoint.PAYLOAD_AT);
    postings.change(
        collection.indexesOnDisk(),
        key,
        StoredCollection.ID_AT,
        before == null ? null : before.fields(),
        after);
    payloads.put(point, after);
    if (before == null) {
      points++;
    }
    empty = false;
  }

  /** Notes that a point's vectors changed, its payload not. */
  void touch(StoredPoint point) {
    batch.put(
        Family.POINTS,
        collection.pointKey(point.key()),
        StoredPoint.encode(operation, point.payload()));
    empty = false;
  }

  /**
   * @param values null takes the vector away
   */
  void putVector(PointKey point, float[] values) {
    collection.putVector(batch, point, values);
    vectors.put(point, values);
    empty = false;
  }

  /**
   * @param values null takes the sparse vector of this name away
   */
  void putSparse(String name, PointKey point, SparseValues values) {
    collection.sparse().get(name).put(batch, point, values);
    sparse.computeIfAbsent(name, none -> new LinkedHashMap<>()).put(point, values);
    empty = false;
  }

  void delete(List<PointKey> given) {
    Map<PointKey, StoredPoint> existing = new HashMap<>();
    for (StoredPoint point : collection.get(given)) {
      if (point != null) {
        existing.put(point.key(), point);
      }
    }
    existing.values().forEach(this::delete);
  }

  private void delete(StoredPoint point) {
    byte[] key = collection.pointKey(point.key());
    batch.delete(Family.POINTS, key);
    postings.change(collection.indexesOnDisk(), key, StoredCollection.ID_AT, point.fields(), null);
    if (collection.hasVectors()) {
      putVector(point.key(), null);
    }
    collection.sparse().keySet().forEach(name -> putSparse(name, point.key(), null));
    payloads.put(point.key(), null);
    points--;
    empty = false;
  }

  void commit() {
    if (!empty) {
      postings.writeOperation(batch, operation);
    }
    batch.put(Family.META, collection.countersKey(), counters().encode());
    collection.database.write(batch);
  }

  @Override
  public void close() {
    batch.close();
  }
}
