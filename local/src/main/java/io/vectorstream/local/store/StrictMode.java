package io.vectorstream.local.store;

import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.SearchParams;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a collection's strict mode forbids, in Qdrant's words: filters over fields without a fitting
 * index, and requests above its limits. Limits of bytes, of calls in a minute and of a machine's
 * memory and disk are kept and shown, but not looked after. The condition of a conditional upsert
 * needs no index, as in Qdrant: it is asked of the points of that request alone.
 */
final class StrictMode {

  private final StoredCollection collection;
  private final StrictModeConfig config;

  private StrictMode(StoredCollection collection, StrictModeConfig config) {
    this.collection = collection;
    this.config = config;
  }

  /** The strict mode of a collection, which forbids nothing unless it is enabled. */
  static StrictMode of(StoredCollection collection) {
    StrictModeConfig given = collection.settings().getStrictModeConfig();
    return new StrictMode(
        collection, given.getEnabled() ? given : StrictModeConfig.getDefaultInstance());
  }

  /** Checks the filter of a request that reads. */
  void checkRead(Filter filter) {
    checkFilter(
        filter, config.hasUnindexedFilteringRetrieve(), config.getUnindexedFilteringRetrieve());
  }

  /** Checks how many points a request asks for. */
  void checkLimit(long limit) {
    atMost(limit, config.hasMaxQueryLimit(), config.getMaxQueryLimit(), "limit");
  }

  /** Checks how long a request wants to be waited for, in seconds. */
  void checkTimeout(boolean given, long seconds) {
    if (given) {
      atMost(seconds, config.hasMaxTimeout(), config.getMaxTimeout(), "timeout");
    }
  }

  /** Checks whether what may be estimated may be counted. */
  void checkExact(boolean exact) {
    if (exact && config.hasSearchAllowExact() && !config.getSearchAllowExact()) {
      throw forbidden("Exact search disabled!", "Set exact=false.");
    }
  }

  /** Checks the parameters of a search. */
  void checkSearch(SearchParams params) {
    checkExact(params.getExact());
    if (params.getQuantization().hasOversampling()
        && config.hasSearchMaxOversampling()
        && params.getQuantization().getOversampling() > config.getSearchMaxOversampling()) {
      throw exceeded(
          params.getQuantization().getOversampling(),
          config.getSearchMaxOversampling(),
          "oversampling");
    }
    if (params.hasHnswEf()) {
      atMost(
          params.getHnswEf(), config.hasSearchMaxHnswEf(), config.getSearchMaxHnswEf(), "hnsw_ef");
    }
  }

  /** Checks that a search by vectors has a graph to search. */
  void checkGraph() {
    boolean graph =
        !collection.settings().getHnswConfig().hasM()
            || collection.settings().getHnswConfig().getM() > 0;
    if (!graph && config.hasSearchAllowExact() && !config.getSearchAllowExact()) {
      throw forbidden(
          "Request is forbidden because global vector indexing is disabled (hnsw_config.m = 0)",
          "Use tenant-specific filter, enable global vector indexing or enable strict mode"
              + " `search_allow_exact` option");
    }
  }

  /** Checks how many searches come in one call. */
  void checkSearches(int count) {
    atMost(
        count, config.hasSearchMaxBatchsize(), config.getSearchMaxBatchsize(), "search batch size");
  }

  /** Checks the field that hits are grouped by. */
  void checkGrouping(String field) {
    if (!config.hasUnindexedFilteringRetrieve() || config.getUnindexedFilteringRetrieve()) {
      return;
    }
    IndexedField index = collection.indexes().get(field);
    String help = "Create an index supporting `match` for this key.";
    if (index == null) {
      throw forbidden("Index required but not found for \"" + field + "\"", help);
    }
    switch (index.info().getDataType()) {
      case Keyword, Integer, Uuid, Bool -> {}
      default ->
          throw forbidden(
              "Index of type \"%s\" found for \"%s\"".formatted(index.info().getDataType(), field),
              help);
    }
  }

  /** Checks an upsert of so many points. */
  void checkUpsert(int points) {
    atMost(points, config.hasUpsertMaxBatchsize(), config.getUpsertMaxBatchsize(), "upsert limit");
    checkSize();
  }

  /** Checks an update of the vectors of so many points. */
  void checkVectors(int points) {
    atMost(points, config.hasUpsertMaxBatchsize(), config.getUpsertMaxBatchsize(), "update limit");
    checkSize();
  }

  private void checkSize() {
    if (config.hasMaxPointsCount()
        && collection.counters().points() >= config.getMaxPointsCount()) {
      throw Refusal.badRequest(
          "Max points count limit of " + config.getMaxPointsCount() + " reached!");
    }
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

  /** Checks one operation of a batch; in a batch, all are checked before the first is applied. */
  @SuppressWarnings("deprecation") // older clients still send the deprecated forms
  void check(PointsUpdateOperation operation) {
    switch (operation.getOperationCase()) {
      case UPSERT -> checkUpsert(operation.getUpsert().getPointsCount());
      case UPDATE_VECTORS -> checkVectors(operation.getUpdateVectors().getPointsCount());
      case DELETE_DEPRECATED -> checkSelector(operation.getDeleteDeprecated());
      case DELETE_POINTS -> checkSelector(operation.getDeletePoints().getPoints());
      case SET_PAYLOAD -> checkSelector(operation.getSetPayload().getPointsSelector());
      case OVERWRITE_PAYLOAD -> checkSelector(operation.getOverwritePayload().getPointsSelector());
      case DELETE_PAYLOAD -> checkSelector(operation.getDeletePayload().getPointsSelector());
      case CLEAR_PAYLOAD_DEPRECATED -> checkSelector(operation.getClearPayloadDeprecated());
      case CLEAR_PAYLOAD -> checkSelector(operation.getClearPayload().getPoints());
      case DELETE_VECTORS -> checkSelector(operation.getDeleteVectors().getPointsSelector());
      case OPERATION_NOT_SET -> {}
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
    if (config.hasFilterMaxConditions()) {
      long conditions = conditions(filter);
      if (conditions > config.getFilterMaxConditions()) {
        throw forbidden(
            "Filter condition limit reached (%d > %d)"
                .formatted(conditions, config.getFilterMaxConditions()),
            "Reduce the amount of conditions of your filter.");
      }
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

  private static long conditions(Filter filter) {
    return FilterIndexes.conditions(filter)
        .mapToLong(
            condition ->
                switch (condition.getConditionOneOfCase()) {
                  case FILTER -> conditions(condition.getFilter());
                  case NESTED -> conditions(condition.getNested().getFilter());
                  default -> 1;
                })
        .sum();
  }

  private static long largest(Filter filter) {
    return FilterIndexes.conditions(filter).mapToLong(StrictMode::size).max().orElse(0);
  }

  private static long size(Condition condition) {
    return switch (condition.getConditionOneOfCase()) {
      case HAS_ID -> condition.getHasId().getHasIdCount();
      case FILTER -> largest(condition.getFilter());
      case NESTED -> largest(condition.getNested().getFilter());
      case FIELD ->
          switch (condition.getField().getMatch().getMatchValueCase()) {
            case KEYWORDS -> condition.getField().getMatch().getKeywords().getStringsCount();
            case INTEGERS -> condition.getField().getMatch().getIntegers().getIntegersCount();
            case EXCEPT_KEYWORDS ->
                condition.getField().getMatch().getExceptKeywords().getStringsCount();
            case EXCEPT_INTEGERS ->
                condition.getField().getMatch().getExceptIntegers().getIntegersCount();
            default -> 0;
          };
      default -> 0;
    };
  }

  private static void atMost(long value, boolean limited, long limit, String name) {
    if (limited && value > limit) {
      throw exceeded(value, limit, name);
    }
  }

  private static StatusRuntimeException exceeded(Number value, Number limit, String name) {
    return forbidden(
        "Limit exceeded %s > %s for \"%s\"".formatted(value, limit, name),
        "Reduce the \"%s\" parameter to or below %s.".formatted(name, limit));
  }

  private static StatusRuntimeException forbidden(String what, String help) {
    return Refusal.badRequest(what + ". Help: " + help);
  }

  /** Index types as Qdrant's messages list them. */
  static String names(Stream<PayloadSchemaType> types) {
    return String.join(
        ", ", types.map(type -> type.name().toLowerCase(Locale.ROOT)).sorted().distinct().toList());
  }
}
