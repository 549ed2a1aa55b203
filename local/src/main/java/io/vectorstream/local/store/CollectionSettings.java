package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.WalConfigDiff;
import java.util.Set;

/**
 * The settings that a collection was created with. All are kept and shown again; those of graphs,
 * shards and replicas have no effect here, as every search is exact.
 */
final class CollectionSettings {

  private static final int LARGEST_VECTOR = 65_536;
  private static final Set<String> OPTIONS =
      Set.of(
          "collection_name",
          "vectors_config",
          "sparse_vectors_config",
          "hnsw_config",
          "optimizers_config",
          "quantization_config",
          "on_disk_payload",
          "shard_number",
          "replication_factor",
          "write_consistency_factor",
          "strict_mode_config",
          "timeout");
  private static final Set<String> VECTOR_OPTIONS = Set.of("size", "distance", "on_disk");
  private static final Set<String> SPARSE_OPTIONS = Set.of("modifier", "index");
  private static final Set<String> CHANGEABLE =
      Set.of("collection_name", "strict_mode_config", "timeout");

  private CollectionSettings() {}

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT or UNIMPLEMENTED, saying what does not
   *     fit
   */
  static void check(CreateCollection settings) {
    checkName(settings.getCollectionName());
    Refusal.checkOptions("a new collection", settings, OPTIONS);
    StrictMode.check(settings.getStrictModeConfig());
    if (settings.getVectorsConfig().getParamsMap().getMapCount() > 0) {
      throw Refusal.unsupported("A collection with named vectors");
    }
    if (settings.getVectorsConfig().hasParams()) {
      check(settings.getVectorsConfig().getParams());
    }
    settings.getSparseVectorsConfig().getMapMap().forEach(CollectionSettings::check);
  }

  private static void check(String vectorName, SparseVectorParams params) {
    if (vectorName.isEmpty()) {
      throw Refusal.invalid(
          "Validation error in body: [sparse_vectors: a sparse vector must have a name]");
    }
    Refusal.checkOptions("a sparse vector", params, SPARSE_OPTIONS);
    Refusal.checkOptions(
        "the index of a sparse vector",
        params.getIndex(),
        Set.of("full_scan_threshold", "on_disk"));
  }

  /**
   * Returns the settings with one more sparse vector; the same ones if they have it.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if they have another one of that name
   */
  static CreateCollection withSparse(
      CreateCollection old, String vectorName, SparseVectorParams params) {
    check(vectorName, params);
    SparseVectorParams existing = old.getSparseVectorsConfig().getMapMap().get(vectorName);
    if (existing != null && existing.getModifier() != params.getModifier()) {
      throw Refusal.wrongInput(
          "Vector name '" + vectorName + "' already exists with a different configuration");
    }
    return existing != null
        ? old
        : old.toBuilder()
            .setSparseVectorsConfig(
                old.getSparseVectorsConfig().toBuilder().putMap(vectorName, params))
            .build();
  }

  static void checkName(String name) {
    if (name.isEmpty() || name.length() > 255) {
      throw Refusal.invalid(
          "Validation error in body: [collection_name: value invalid, must be from 1 to 255"
              + " characters]");
    }
    if (name.chars().anyMatch(c -> "<>:\"/\\|?*\0\u001F".indexOf(c) >= 0)) {
      throw Refusal.invalid(
          "Validation error in body: [collection_name: collection name cannot contain one of <>:\"/\\|?*]");
    }
  }

  private static void check(VectorParams params) {
    Refusal.checkOptions("a vector", params, VECTOR_OPTIONS);
    if (params.getSize() < 1 || params.getSize() > LARGEST_VECTOR) {
      throw Refusal.invalid(
          "Validation error in body: [vectors_config.size: value "
              + Long.toUnsignedString(params.getSize())
              + " invalid, must be from 1 to 65536]");
    }
    switch (params.getDistance()) {
      case Cosine, Dot, Euclid -> {}
      case Manhattan -> throw Refusal.unsupported("The distance " + Distance.Manhattan);
      default -> throw Refusal.invalid("Unable to convert distance: unknown distance");
    }
  }

  /** Returns the vector that points may have, or null for points with a payload only. */
  static VectorSpec vector(CreateCollection settings) {
    if (!settings.getVectorsConfig().hasParams()) {
      return null;
    }
    VectorParams params = settings.getVectorsConfig().getParams();
    return new VectorSpec((int) params.getSize(), params.getDistance());
  }

  static CreateCollection updated(CreateCollection old, UpdateCollection update) {
    Refusal.checkOptions("an update of a collection", update, CHANGEABLE);
    StrictMode.check(update.getStrictModeConfig());
    return old.toBuilder().mergeStrictModeConfig(update.getStrictModeConfig()).build();
  }

  /** Returns the settings with a strict mode where none was given; what was given is stronger. */
  static CreateCollection withDefault(StrictModeConfig strictMode, CreateCollection given) {
    return strictMode.equals(StrictModeConfig.getDefaultInstance())
        ? given
        : given.toBuilder()
            .setStrictModeConfig(strictMode.toBuilder().mergeFrom(given.getStrictModeConfig()))
            .build();
  }

  /** Returns the settings as a server shows them, with Qdrant's defaults where none were given. */
  static CollectionConfig config(CreateCollection settings) {
    CollectionParams.Builder params =
        CollectionParams.newBuilder()
            .setShardNumber(settings.hasShardNumber() ? settings.getShardNumber() : 1)
            .setOnDiskPayload(!settings.hasOnDiskPayload() || settings.getOnDiskPayload())
            .setReplicationFactor(
                settings.hasReplicationFactor() ? settings.getReplicationFactor() : 1)
            .setWriteConsistencyFactor(
                settings.hasWriteConsistencyFactor() ? settings.getWriteConsistencyFactor() : 1);
    if (settings.hasVectorsConfig()) {
      params.setVectorsConfig(settings.getVectorsConfig());
    }
    if (settings.hasSparseVectorsConfig()) {
      params.setSparseVectorsConfig(settings.getSparseVectorsConfig());
    }
    CollectionConfig.Builder config =
        CollectionConfig.newBuilder()
            .setParams(params)
            .setHnswConfig(
                HnswConfigDiff.newBuilder()
                    .setM(16)
                    .setEfConstruct(100)
                    .setFullScanThreshold(10_000)
                    .setMaxIndexingThreads(0)
                    .setOnDisk(false)
                    .mergeFrom(settings.getHnswConfig()))
            .setOptimizerConfig(
                OptimizersConfigDiff.newBuilder()
                    .setDeletedThreshold(0.2)
                    .setVacuumMinVectorNumber(1000)
                    .setDefaultSegmentNumber(0)
                    .setIndexingThreshold(10_000)
                    .setFlushIntervalSec(5)
                    .mergeFrom(settings.getOptimizersConfig()))
            .setWalConfig(WalConfigDiff.newBuilder().setWalCapacityMb(32).setWalSegmentsAhead(0));
    if (settings.hasQuantizationConfig()) {
      config.setQuantizationConfig(settings.getQuantizationConfig());
    }
    if (settings.hasStrictModeConfig()) {
      config.setStrictModeConfig(settings.getStrictModeConfig());
    }
    return config.build();
  }
}
