package io.vectorstream.local.store;

import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointsSelector;
import java.util.Set;

/**
 * The strict mode of a collection: refuses, in Qdrant's words, filters over fields without a
 * fitting index, conditions that name too many values, and too many indexes. The condition of a
 * conditional upsert needs no index, as in Qdrant: it is asked of the points of that request alone.
 */
final class StrictMode {

  private static final Set<String> OPTIONS =
      Set.of(
          "enabled",
          "unindexed_filtering_retrieve",
          "unindexed_filtering_update",
          "condition_max_size",
          "max_payload_index_count");

  private final StoredCollection collection;
  private final StrictModeConfig config;

  private StrictMode(StoredCollection collection, StrictModeConfig config) {
    this.collection = collection;
    this.config = config;
  }

  /** Returns the strict mode of a collection, which forbids nothing unless it is enabled. */
  static StrictMode of(StoredCollection collection) {
    StrictModeConfig given = collection.settings().getStrictModeConfig();
    return new StrictMode(
        collection, given.getEnabled() ? given : StrictModeConfig.getDefaultInstance());
  }

  /**
   * Checks the limits that a collection is given.
   *
   * @throws StatusRuntimeException UNIMPLEMENTED for one that would not be kept
   */
  static void check(StrictModeConfig given) {
    Refusal.checkOptions("the strict mode", given, OPTIONS);
  }

  /** Checks the filter of a request that reads. */
  void checkRead(Filter filter) {
    checkFilter(
        filter, config.hasUnindexedFilteringRetrieve(), config.getUnindexedFilteringRetrieve());
  }

  /** Checks which points a change selects. */
  void checkSelector(PointsSelector selector) {
    if (selector.hasFilter()) {
      checkFilter(
          selector.getFilter(),
          config.hasUnindexedFilteringUpdate(),
          config.getUnindexedFilteringUpdate());
    }
  }

  /** Checks that there may be one more payload index, even where the same one is made again. */
  void checkNewIndex() {
    if (config.hasMaxPayloadIndexCount()
        && collection.indexes().size() >= config.getMaxPayloadIndexCount()) {
      throw forbidden(
          "Collection already has the maximum number of payload indices ("
              + config.getMaxPayloadIndexCount()
              + ")",
          "Please delete an existing index before creating a new one.");
    }
  }

  private void checkFilter(Filter filter, boolean decided, boolean unindexedAllowed) {
    if (decided && !unindexedAllowed) {
      FilterIndexes.firstMissing(filter, collection.indexes())
          .ifPresent(
              missing -> {
                throw forbidden(
                    "Index required but not found for \"%s\" of one of the following types: [%s]"
                        .formatted(missing.field(), missing.types()),
                    "Create an index for this key or use a different filter.");
              });
    }
    if (config.hasConditionMaxSize()) {
      long size = largest(filter);
      if (size > config.getConditionMaxSize()) {
        throw forbidden(
            "Condition size limit reached (%d > %d)".formatted(size, config.getConditionMaxSize()),
            "Reduce the size of your condition.");
      }
    }
  }

  private static long largest(Filter filter) {
    return FilterIndexes.conditions(filter).mapToLong(StrictMode::size).max().orElse(0);
  }

  private static long size(Condition condition) {
    return switch (condition.getConditionOneOfCase()) {
      case HAS_ID -> condition.getHasId().getHasIdCount();
      case FILTER -> largest(condition.getFilter());
      case FIELD -> condition.getField().getMatch().getKeywords().getStringsCount();
      default -> 0;
    };
  }

  private static StatusRuntimeException forbidden(String what, String help) {
    return Refusal.badRequest(what + ". Help: " + help);
  }
}
