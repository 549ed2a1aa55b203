package io.vectorstream.local.store;

import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Bool;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Datetime;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Float;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Integer;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Keyword;

import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The payload indexes that the conditions of a filter could use: those that strict mode demands.
 */
final class FilterIndexes {

  private static final Set<PayloadSchemaType> ANY = Set.of(Keyword, Integer, Float, Bool, Datetime);

  private FilterIndexes() {}

  /**
   * A field without the index that a condition could use.
   *
   * @param types the types that would do, as a list in words
   */
  record Missing(String field, String types) {}

  /**
   * Returns the first field of a filter, also of one within it, that has no index of a fitting
   * type.
   */
  static Optional<Missing> firstMissing(Filter filter, Map<String, IndexedField> indexes) {
    return conditions(filter)
        .map(condition -> missing(condition, indexes))
        .flatMap(Optional::stream)
        .findFirst();
  }

  static Stream<Condition> conditions(Filter filter) {
    return Stream.of(filter.getMustList(), filter.getMustNotList(), filter.getShouldList())
        .flatMap(List::stream);
  }

  private static Optional<Missing> missing(Condition condition, Map<String, IndexedField> indexes) {
    return switch (condition.getConditionOneOfCase()) {
      case FIELD -> missing(condition.getField().getKey(), fitting(condition.getField()), indexes);
      case IS_EMPTY -> missing(condition.getIsEmpty().getKey(), ANY, indexes);
      case FILTER -> firstMissing(condition.getFilter(), indexes);
      default -> Optional.empty();
    };
  }

  private static Optional<Missing> missing(
      String field, Set<PayloadSchemaType> fitting, Map<String, IndexedField> indexes) {
    IndexedField index = indexes.get(field);
    return fitting.isEmpty() || index != null && fitting.contains(index.info().getDataType())
        ? Optional.empty()
        : Optional.of(new Missing(field, names(fitting)));
  }

  /** Returns the index types that can answer a condition; none for one that needs no index. */
  private static Set<PayloadSchemaType> fitting(FieldCondition condition) {
    if (condition.hasRange()) {
      return Set.of(Float, Integer);
    }
    if (condition.hasDatetimeRange()) {
      return Set.of(Datetime);
    }
    return switch (condition.getMatch().getMatchValueCase()) {
      case KEYWORD -> Set.of(Keyword);
      case KEYWORDS ->
          condition.getMatch().getKeywords().getStringsCount() == 0 ? Set.of() : Set.of(Keyword);
      case INTEGER -> Set.of(Integer);
      case BOOLEAN -> Set.of(Bool);
      default -> Set.of();
    };
  }

  /** Lists index types as Qdrant's messages do. */
  private static String names(Set<PayloadSchemaType> types) {
    return types.stream()
        .map(type -> type.name().toLowerCase(Locale.ROOT))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
