package io.vectorstream.store;

import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.vectorstream.config.Layout;
import io.vectorstream.config.Replication;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guarantees of an existing collection: how many copies it keeps, and how large calls may be.
 */
final class CollectionPromises {

  private static final Logger log = LoggerFactory.getLogger(CollectionPromises.class);

  /** The number of points in one write, but for events. */
  static final int POINTS_AT_ONCE = 500;

  /** The largest page that the pipeline's own work reads. */
  private static final int LARGEST_PAGE = 5_000;

  private final VectorStore store;
  private final String collection;
  private final CollectionConfig config;

  CollectionPromises(VectorStore store, String collection, CollectionConfig config) {
    this.store = store;
    this.collection = collection;
    this.config = config;
  }

  /**
   * Warns of settings that risk a loss.
   *
   * @throws StoreException if its strict mode would refuse calls that the pipeline has to make
   */
  void check() {
    warnings().forEach(log::warn);
    checkLimits(config.getStrictModeConfig());
  }

  /** Returns one sentence for each property that is unsafe, or not as the settings ask. */
  List<String> warnings() {
    CollectionParams params = config.getParams();
    Replication wanted = store.replication();
    String where = "collection '%s' at %s ".formatted(collection, store.address());
    List<String> warnings = new ArrayList<>();
    String different =
        Stream.concat(
                Stream.of(
                    shards(params.getShardNumber()),
                    different(
                        "qdrant.replication.replication_factor",
                        wanted.replicationFactor(),
                        params.getReplicationFactor()),
                    different(
                        "qdrant.replication.write_consistency_factor",
                        wanted.writeConsistencyFactor(),
                        params.getWriteConsistencyFactor()),
                    different(
                        "qdrant.layout.on_disk_payload",
                        store.layout().onDiskPayload(),
                        params.getOnDiskPayload())),
                vectors(params.getVectorsConfig()))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
    if (!different.isEmpty()) {
      warnings.add(where + "differs from what the settings say of new ones: " + different);
    }
    int copies = params.getReplicationFactor();
    int written = Math.min(copies, params.getWriteConsistencyFactor());
    int read = wanted.copiesRead(copies);
    if (copies > 1 && read + written <= copies) {
      warnings.add(
          where
              + ("keeps %d copies, writes wait for %d of them and reads ask %d: a copy that missed"
                      + " a write may answer a read, and its old value is changed and written back, so"
                      + " counts can be lost; set the collection's write_consistency_factor to %d,"
                      + " or qdrant.replication.read_consistency to majority")
                  .formatted(copies, written, read, copies / 2 + 1));
    }
    return warnings;
  }

  /** Returns the difference to a number of shards that is given. */
  private String shards(int actual) {
    int ofEvents = store.layout().eventShards();
    return ofEvents > 0 && collection.equals(store.collections().events())
        ? different("qdrant.layout.event_shards", ofEvents, actual)
        : different("qdrant.replication.shard_number", store.replication().shardNumber(), actual);
  }

  /** Returns what differs in the vectors, and in the graph if they are searched. */
  private Stream<String> vectors(VectorsConfig vectors) {
    if (!vectors.hasParams()) {
      return Stream.empty();
    }
    Layout layout = store.layout();
    String onDisk =
        different(
            "qdrant.layout.on_disk_vectors",
            layout.onDiskVectors(),
            vectors.getParams().getOnDisk());
    if (collection.equals(store.collections().users())) {
      return Stream.of(onDisk);
    }
    HnswConfigDiff graph = config.getHnswConfig();
    return Stream.of(
        onDisk,
        different("qdrant.layout.hnsw_m", (long) layout.hnswM(), graph.getM()),
        different(
            "qdrant.layout.hnsw_ef_construct",
            (long) layout.hnswEfConstruct(),
            graph.getEfConstruct()),
        different(
            "qdrant.layout.quantization",
            layout.quantization() == Layout.Quantization.INT8 ? "int8" : "none",
            config.getQuantizationConfig().hasScalar() ? "int8" : "none"));
  }

  private static String different(String setting, Object wanted, Object actual) {
    return wanted.equals(actual) ? "" : setting + " is " + wanted + ", it has " + actual;
  }

  /** Returns the same for a number; 0 leaves it to the server. */
  private static String different(String setting, int wanted, int actual) {
    return wanted == 0 || wanted == actual ? "" : setting + " is " + wanted + ", it has " + actual;
  }

  private void checkLimits(StrictModeConfig strict) {
    if (!strict.getEnabled()) {
      return;
    }
    int upserts =
        collection.equals(store.collections().events()) ? store.upsertBatch() : POINTS_AT_ONCE;
    if (strict.hasUpsertMaxBatchsize() && strict.getUpsertMaxBatchsize() < upserts) {
      throw tooStrict("upsert_max_batchsize", strict.getUpsertMaxBatchsize(), upserts);
    }
    if (strict.hasMaxQueryLimit() && strict.getMaxQueryLimit() < LARGEST_PAGE) {
      throw tooStrict("max_query_limit", strict.getMaxQueryLimit(), LARGEST_PAGE);
    }
    if (strict.hasConditionMaxSize() && strict.getConditionMaxSize() < POINTS_AT_ONCE) {
      throw tooStrict("condition_max_size", strict.getConditionMaxSize(), POINTS_AT_ONCE);
    }
  }

  private StoreException tooStrict(String limit, long given, int needed) {
    return new StoreException(
        "collection '%s' at %s has strict mode with %s %d, but the pipeline's calls need %d; raise it in the collection's strict_mode_config"
            .formatted(collection, store.address(), limit, given, needed));
  }
}
