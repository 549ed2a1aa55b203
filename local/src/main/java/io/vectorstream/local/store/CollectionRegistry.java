package io.vectorstream.local.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.PayloadSchemaInfo;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.vectorstream.local.store.Database.Family;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.rocksdb.RocksIterator;

/**
 * The collections and their payload indexes, in memory and on disk. On disk, collections and
 * indexes go by numbers that are never used twice, so that what is left of a deleted one can never
 * be taken for a new one's.
 */
final class CollectionRegistry {

  private static final byte[] NEXT_NUMBER = {'x'};
  private static final byte COLLECTION = 'c';
  private static final byte INDEX = 'i';
  private static final int BUILD_BATCH = 5_000;

  private final Database database;
  private final Map<String, StoredCollection> collections = new ConcurrentSkipListMap<>();
  private final StrictModeConfig strictMode;
  private int nextNumber;

  /**
   * @param strictMode for new collections that are made without one
   */
  CollectionRegistry(Database database, StrictModeConfig strictMode) {
    this.database = database;
    this.strictMode = strictMode;
    byte[] next = database.get(Family.META, NEXT_NUMBER);
    nextNumber = next == null ? 1 : Bytes.getInt(next, 0);
    load();
  }

  private void load() {
    try (RocksIterator stored = database.iterate(Family.META)) {
      for (stored.seek(new byte[] {COLLECTION}); stored.isValid(); stored.next()) {
        byte[] key = stored.key();
        if (key[0] != COLLECTION) {
          break;
        }
        byte[] value = stored.value();
        String name = new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
        int id = Bytes.getInt(value, 0);
        CreateCollection settings =
            CreateCollection.parseFrom(Arrays.copyOfRange(value, Integer.BYTES, value.length));
        collections.put(name, new StoredCollection(database, name, id, settings, loadIndexes(id)));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the vector store's list of collections is damaged", e);
    }
  }

  private Map<String, IndexedField> loadIndexes(int collection)
      throws InvalidProtocolBufferException {
    Map<String, IndexedField> indexes = new HashMap<>();
    byte[] prefix = indexKey(collection, "");
    try (RocksIterator stored = database.iterate(Family.META)) {
      for (stored.seek(prefix); stored.isValid(); stored.next()) {
        byte[] key = stored.key();
        if (!Bytes.startsWith(key, prefix)) {
          break;
        }
        byte[] value = stored.value();
        String field =
            new String(key, prefix.length, key.length - prefix.length, StandardCharsets.UTF_8);
        PayloadSchemaInfo info =
            PayloadSchemaInfo.parseFrom(Arrays.copyOfRange(value, Integer.BYTES, value.length));
        indexes.put(field, IndexedField.of(field, Bytes.getInt(value, 0), info));
      }
    }
    return indexes;
  }

  /**
   * @throws io.grpc.StatusRuntimeException NOT_FOUND when there is none of this name
   */
  StoredCollection get(String name) {
    StoredCollection collection = collections.get(name);
    if (collection == null) {
      if (name.isEmpty()) {
        CollectionSettings.checkName(name);
      }
      throw Refusal.noCollection(name);
    }
    return collection;
  }

  boolean exists(String name) {
    return collections.containsKey(name);
  }

  List<String> names() {
    return List.copyOf(collections.keySet());
  }

  synchronized void create(CreateCollection given) {
    CollectionSettings.check(given);
    CreateCollection settings = CollectionSettings.withDefault(strictMode, given);
    String name = settings.getCollectionName();
    if (exists(name)) {
      throw Refusal.collectionExists(name);
    }
    int id = nextNumber++;
    try (Database.AtomicWrite batch = database.batch()) {
      batch.put(Family.META, NEXT_NUMBER, number(nextNumber));
      batch.put(Family.META, collectionKey(name), numbered(id, settings.toByteArray()));
      database.write(batch);
    }
    collections.put(name, new StoredCollection(database, name, id, settings, Map.of()));
  }

  synchronized void update(UpdateCollection update) {
    StoredCollection collection = get(update.getCollectionName());
    change(collection, CollectionSettings.updated(collection.settings(), update));
  }

  /** Adds a sparse vector that points may have; a second call changes nothing. */
  synchronized void addSparse(
      StoredCollection collection, String vectorName, SparseVectorParams params) {
    change(collection, CollectionSettings.withSparse(collection.settings(), vectorName, params));
  }

  private void change(StoredCollection collection, CreateCollection changed) {
    try (Database.AtomicWrite batch = database.batch()) {
      batch.put(
          Family.META,
          collectionKey(collection.name),
          numbered(collection.id, changed.toByteArray()));
      database.write(batch);
    }
    collection.settings(changed);
  }

  /** Deletes a collection with all its points; false when there is none of this name. */
  synchronized boolean delete(String name) {
    StoredCollection collection = collections.get(name);
    if (collection == null) {
      return false;
    }
    collection.alone(
        () -> {
          try (Database.AtomicWrite batch = database.batch()) {
            batch.delete(Family.META, collectionKey(name));
            batch.delete(Family.META, collection.countersKey());
            batch.deletePrefix(Family.META, indexKey(collection.id, ""));
            batch.deletePrefix(Family.POINTS, collection.prefix());
            batch.deletePrefix(Family.VECTORS, collection.prefix());
            batch.deletePrefix(Family.SPARSE, collection.prefix());
            batch.deletePrefix(Family.INDEX, collection.prefix());
            database.write(batch);
          }
          collection.drop();
          collections.remove(name);
        });
    return true;
  }

  /**
   * Makes a payload index and fills it with the points that exist; a second call changes nothing.
   */
  synchronized void createIndex(StoredCollection collection, String field, PayloadSchemaInfo info) {
    IndexedField old = collection.indexes().get(field);
    if (old != null && old.info().equals(info)) {
      return;
    }
    IndexedField index = IndexedField.of(field, nextNumber++, info);
    try (Database.AtomicWrite batch = database.batch()) {
      batch.put(Family.META, NEXT_NUMBER, number(nextNumber));
      database.write(batch);
    }
    collection.alone(
        () -> {
          if (index.keptOnDisk()) {
            fill(collection, index);
          }
          try (Database.AtomicWrite batch = database.batch()) {
            batch.put(
                Family.META,
                indexKey(collection.id, field),
                numbered(index.id(), info.toByteArray()));
            if (old != null) {
              batch.deletePrefix(Family.INDEX, KeywordPostings.prefix(collection.id, old.id()));
            }
            database.write(batch);
          }
          Map<String, IndexedField> indexes = new TreeMap<>(collection.indexes());
          indexes.put(field, index);
          collection.indexes(indexes);
        });
  }

  private void fill(StoredCollection collection, IndexedField index) {
    List<StoredPoint> waiting = new ArrayList<>();
    long[] block = {0};
    collection.forEach(
        null,
        point -> {
          waiting.add(point);
          if (waiting.size() == BUILD_BATCH) {
            fill(collection, index, waiting, block[0]++);
          }
          return true;
        });
    fill(collection, index, waiting, block[0]);
  }

  private void fill(
      StoredCollection collection, IndexedField index, List<StoredPoint> points, long block) {
    KeywordPostings postings = new KeywordPostings(collection.id);
    for (StoredPoint point : points) {
      postings.change(
          List.of(index),
          collection.pointKey(point.key()),
          StoredCollection.ID_AT,
          null,
          point.fields());
    }
    points.clear();
    try (Database.AtomicWrite batch = database.batch()) {
      postings.writeInitial(batch, block);
      database.write(batch);
    }
  }

  private static byte[] number(int number) {
    byte[] bytes = new byte[Integer.BYTES];
    Bytes.putInt(bytes, 0, number);
    return bytes;
  }

  private static byte[] numbered(int number, byte[] rest) {
    byte[] bytes = new byte[Integer.BYTES + rest.length];
    System.arraycopy(rest, 0, bytes, Bytes.putInt(bytes, 0, number), rest.length);
    return bytes;
  }

  private static byte[] collectionKey(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[1 + text.length];
    key[0] = COLLECTION;
    System.arraycopy(text, 0, key, 1, text.length);
    return key;
  }

  private static byte[] indexKey(int collection, String field) {
    byte[] text = field.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[1 + Integer.BYTES + text.length];
    key[0] = INDEX;
    System.arraycopy(text, 0, key, Bytes.putInt(key, 1, collection), text.length);
    return key;
  }
}
