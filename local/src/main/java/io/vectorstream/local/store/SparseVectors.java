package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.Modifier;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Points.Vector;
import io.vectorstream.local.store.Database.Family;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.rocksdb.RocksIterator;

/** The sparse vectors of one name that the points of a collection may have, kept on disk. */
final class SparseVectors {

  private final StoredCollection collection;
  private final boolean idf;

  /** The key of the first of them: the collection's number, the name's length and the name. */
  private final byte[] prefix;

  /** Null until the first search. */
  private volatile SparseIndex index;

  SparseVectors(StoredCollection collection, String name, SparseVectorParams params) {
    this.collection = collection;
    this.idf = params.getModifier() == Modifier.Idf;
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    prefix = new byte[2 * Integer.BYTES + text.length];
    int at = Bytes.putInt(prefix, Bytes.putInt(prefix, 0, collection.id), text.length);
    System.arraycopy(text, 0, prefix, at, text.length);
  }

  private byte[] key(PointKey point) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + point.size());
    point.write(key, prefix.length);
    return key;
  }

  /** Returns a vector of a request as it is kept. */
  @SuppressWarnings("deprecation") // older clients still fill the flat fields
  SparseValues prepare(Vector vector) {
    return switch (vector.getVectorCase()) {
      case SPARSE -> SparseValues.of(vector.getSparse());
      case DENSE, MULTI_DENSE ->
          throw Refusal.wrongInput("Conversion between sparse and regular vectors failed");
      case VECTOR_NOT_SET -> throw Refusal.unsupported("A sparse vector in its older form");
      case DOCUMENT, IMAGE, OBJECT -> throw Refusal.unsupported("Inference of a vector");
    };
  }

  /** Returns a point's vector, or null. */
  SparseValues get(PointKey point) {
    byte[] bytes = collection.database.get(Family.SPARSE, key(point));
    return bytes == null ? null : SparseValues.decode(bytes);
  }

  /**
   * @param values null takes the vector away
   */
  void put(Database.AtomicWrite batch, PointKey point, SparseValues values) {
    if (values == null) {
      batch.delete(Family.SPARSE, key(point));
    } else {
      batch.put(Family.SPARSE, key(point), values.encode());
    }
  }

  /** Notes in memory what was written; called by the collection's writer. */
  void written(PointKey point, SparseValues values) {
    if (index != null) {
      index.put(point, values);
    }
  }

  /** Returns the vectors in memory; the first search reads them from disk. */
  SparseIndex index() {
    if (index == null) {
      collection.alone(
          () -> {
            if (index == null) {
              index = load();
            }
          });
    }
    return index;
  }

  private SparseIndex load() {
    SparseIndex loaded = new SparseIndex(idf);
    try (RocksIterator stored = collection.database.iterate(Family.SPARSE)) {
      for (stored.seek(prefix); stored.isValid(); stored.next()) {
        byte[] key = stored.key();
        if (!Bytes.startsWith(key, prefix)) {
          break;
        }
        loaded.put(PointKey.read(key, prefix.length), SparseValues.decode(stored.value()));
      }
    }
    return loaded;
  }
}
