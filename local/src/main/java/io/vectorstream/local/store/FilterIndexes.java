package io.vectorstream.local.store;

import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Bool;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Datetime;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Float;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Geo;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Integer;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Keyword;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Text;
import static io.qdrant.client.grpc.Collections.PayloadSchemaType.Uuid;

import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.Match;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Which payload indexes the conditions of a filter could use: those that strict mode demands. */
final class FilterIndexes {

  private static final Set<PayloadSchemaType> ANY =
      EnumSet.of(Keyword, Integer, Float, Geo, Text, Bool, Datetime, Uuid);

  private FilterIndexes() {}

  /**
   * A field without the index that a condition could use.
   *
   * @param types the types that would do, as a list in words
   */
  record Missing(String field, String types) {}

  /** The first field of a filter, nested ones included, that has no index of a fitting type. */
  static Optional<Missing> firstMissing(Filter filter, Map<String, IndexedField> indexes) {
    return firstMissing("", filter, indexes);
  }

  private static Optional<Missing> firstMissing(
      String prefix, Filter filter, Map<String, IndexedField> indexes) {
    return conditions(filter)
        .map(condition -> missing(prefix, condition, indexes))
        .flatMap(Optional::stream)
        .findFirst();
  }

  static Stream<Condition> conditions(Filter filter) {
    return Stream.of(
            filter.getMustList(),
            filter.getMustNotList(),
            filter.getShouldList(),
            filter.getMinShould().getConditionsList())
        .flatMap(List::stream);
  }

  private static Optional<Missing> missing(
      String prefix, Condition condition, Map<String, IndexedField> indexes) {
    return switch (condition.getConditionOneOfCase()) {
      case FIELD ->
          missing(prefix + condition.getField().getKey(), fitting(condition.getField()), indexes);
      case IS_EMPTY -> missing(prefix + condition.getIsEmpty().getKey(), ANY, indexes);
      case IS_NULL -> missing(prefix + condition.getIsNull().getKey(), ANY, indexes);
      case FILTER -> firstMissing(prefix, condition.getFilter(), indexes);
      case NESTED -> {
        String key = condition.getNested().getKey();
        yield firstMissing(
            prefix + (key.endsWith("[]") ? key : key + "[]") + ".",
            condition.getNested().getFilter(),
            indexes);
      }
      case HAS_ID, HAS_VECTOR, CONDITIONONEOF_NOT_SET -> Optional.empty();
    };
  }

  private static Optional<Missing> missing(
      String field, Set<PayloadSchemaType> fitting, Map<String, IndexedField> indexes) {
    IndexedField index = indexes.get(field);
    return fitting.isEmpty() || index != null && fitting.contains(index.info().getDataType())
        ? Optional.empty()
        : Optional.of(new Missing(field, StrictMode.names(fitting.stream())));
  }

  /** The index types that can answer a condition; none for one that needs no index. */
  private static Set<PayloadSchemaType> fitting(FieldCondition condition) {
    Set<PayloadSchemaType> types = EnumSet.noneOf(PayloadSchemaType.class);
    if (condition.hasMatch()) {
      types.addAll(fitting(condition.getMatch()));
    }
    if (condition.hasRange()) {
      types.addAll(List.of(Float, Integer));
    }
    if (condition.hasDatetimeRange()) {
      types.add(Datetime);
    }
    if (condition.hasGeoBoundingBox() || condition.hasGeoRadius() || condition.hasGeoPolygon()) {
      types.add(Geo);
    }
    if (condition.hasValuesCount() || condition.hasIsEmpty() || condition.hasIsNull()) {
      types.addAll(ANY);
    }
    return types;
  }

  private static Set<PayloadSchemaType> fitting(Match match) {
    return switch (match.getMatchValueCase()) {
      case KEYWORD -> forTexts(List.of(match.getKeyword()));
      case KEYWORDS -> forTexts(match.getKeywords().getStringsList());
      case EXCEPT_KEYWORDS -> forTexts(match.getExceptKeywords().getStringsList());
      case INTEGER -> EnumSet.of(Integer);
      case INTEGERS -> forNumbers(match.getIntegers().getIntegersCount());
      case EXCEPT_INTEGERS -> forNumbers(match.getExceptIntegers().getIntegersCount());
      case BOOLEAN -> EnumSet.of(Bool);
      case TEXT, TEXT_ANY, PHRASE -> EnumSet.of(Text);
      case MATCHVALUE_NOT_SET -> EnumSet.noneOf(PayloadSchemaType.class);
    };
  }

  private static Set<PayloadSchemaType> forNumbers(int count) {
    return count == 0 ? EnumSet.noneOf(PayloadSchemaType.class) : EnumSet.of(Integer);
  }

  private static Set<PayloadSchemaType> forTexts(List<String> texts) {
    if (texts.isEmpty()) {
      return EnumSet.noneOf(PayloadSchemaType.class);
    }
    return texts.stream().allMatch(FilterIndexes::isUuid)
        ? EnumSet.of(Keyword, Uuid)
        : EnumSet.of(Keyword);
  }

  private static boolean isUuid(String text) {
    try {
      return text.length() == 36 && UUID.fromString(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
