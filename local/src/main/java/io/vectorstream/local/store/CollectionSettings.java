package io.vectorstream.local.store;

import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Datatype;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.WalConfigDiff;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a collection was created with. Everything given is kept and shown again; what concerns
 * approximate indexes, segments and replicas has no effect here, as every search is exact.
 */
final class CollectionSettings {

  private static final int LARGEST_VECTOR = 65_536;
  private static final int MOST_VECTORS = 255;

  private CollectionSettings() {}

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT or UNIMPLEMENTED, saying what does not
   *     fit
   */
  static void check(CreateCollection settings) {
    checkName(settings.getCollectionName());
    if (settings.getSparseVectorsConfig().getMapCount() > 0) {
      throw Refusal.unsupported("A collection with sparse vectors");
    }
    vectorParams(settings).values().forEach(CollectionSettings::check);
    if (vectorParams(settings).size() > MOST_VECTORS) {
      throw Refusal.unsupported("A collection with more than " + MOST_VECTORS + " vectors");
    }
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
    if (params.getSize() < 1 || params.getSize() > LARGEST_VECTOR) {
      throw Refusal.invalid(
          "Validation error in body: [vectors_config.size: value "
              + Long.toUnsignedString(params.getSize())
              + " invalid, must be from 1 to 65536]");
    }
    if (params.getDistance() == Distance.UnknownDistance
        || params.getDistance() == Distance.UNRECOGNIZED) {
      throw Refusal.invalid("Unable to convert distance: unknown distance");
    }
    if (params.hasMultivectorConfig()) {
      throw Refusal.unsupported("A collection with multivectors");
    }
    if (params.getDatatype() != Datatype.Default && params.getDatatype() != Datatype.Float32) {
      throw Refusal.unsupported("The vector datatype " + params.getDatatype());
    }
  }

  private static Map<String, VectorParams> vectorParams(CreateCollection settings) {
    return switch (settings.getVectorsConfig().getConfigCase()) {
      case PARAMS -> Map.of("", settings.getVectorsConfig().getParams());
      case PARAMS_MAP -> new TreeMap<>(settings.getVectorsConfig().getParamsMap().getMapMap());
      case CONFIG_NOT_SET -> Map.of();
    };
  }

  /** The vectors by name; a single unnamed one is called "". */
  static Map<String, VectorSpec> vectors(CreateCollection settings) {
    Map<String, VectorSpec> specs = new TreeMap<>();
    vectorParams(settings)
        .forEach(
            (name, params) ->
                specs.put(
                    name,
                    new VectorSpec(
                        name, specs.size(), (int) params.getSize(), params.getDistance())));
    return specs;
  }

  static CreateCollection updated(CreateCollection old, UpdateCollection update) {
    CreateCollection.Builder settings = old.toBuilder();
    if (update.hasHnswConfig()) {
      settings.mergeHnswConfig(update.getHnswConfig());
    }
    if (update.hasOptimizersConfig()) {
      settings.mergeOptimizersConfig(update.getOptimizersConfig());
    }
    if (update.getParams().hasReplicationFactor()) {
      settings.setReplicationFactor(update.getParams().getReplicationFactor());
    }
    if (update.getParams().hasWriteConsistencyFactor()) {
      settings.setWriteConsistencyFactor(update.getParams().getWriteConsistencyFactor());
    }
    if (update.getParams().hasOnDiskPayload()) {
      settings.setOnDiskPayload(update.getParams().getOnDiskPayload());
    }
    if (update.hasStrictModeConfig()) {
      settings.mergeStrictModeConfig(update.getStrictModeConfig());
    }
    if (update.hasVectorsConfig() || update.hasQuantizationConfig()) {
      throw Refusal.unsupported("An update of vectors_config or quantization_config");
    }
    settings.putAllMetadata(update.getMetadataMap());
    return settings.build();
  }

  /** The same with a strict mode where none was given; what was given of it is stronger. */
  static CreateCollection withDefault(StrictModeConfig strictMode, CreateCollection given) {
    return strictMode.equals(StrictModeConfig.getDefaultInstance())
        ? given
        : given.toBuilder()
            .setStrictModeConfig(strictMode.toBuilder().mergeFrom(given.getStrictModeConfig()))
            .build();
  }

  /** The settings as a server shows them, with Qdrant's defaults where nothing was given. */
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
            .setWalConfig(
                WalConfigDiff.newBuilder()
                    .setWalCapacityMb(32)
                    .setWalSegmentsAhead(0)
                    .mergeFrom(settings.getWalConfig()))
            .putAllMetadata(settings.getMetadataMap());
    if (settings.hasQuantizationConfig()) {
      config.setQuantizationConfig(settings.getQuantizationConfig());
    }
    if (settings.hasStrictModeConfig()) {
      config.setStrictModeConfig(settings.getStrictModeConfig());
    }
    return config.build();
  }
}
