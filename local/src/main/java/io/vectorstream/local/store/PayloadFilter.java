package io.vectorstream.local.store;

import com.google.protobuf.ByteString;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.HasIdCondition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A filter, ready to be asked about points. A field with an array matches when one of its elements
 * does; conditions that are empty are left out, as in Qdrant.
 */
final class PayloadFilter {

  private static final Set<String> CLAUSES = Set.of("must", "must_not", "should");

  private final Predicate<StoredPoint> check;
  private final List<Requirement> requirements;
  private final boolean requirementsOnly;

  /** Something that every matching point has, by which points can be found. */
  sealed interface Requirement {}

  record HasKeyword(String field, List<ByteString> anyOf) implements Requirement {}

  record HasId(Set<PointKey> anyOf) implements Requirement {}

  private PayloadFilter(
      Predicate<StoredPoint> check, List<Requirement> requirements, boolean requirementsOnly) {
    this.check = check;
    this.requirements = requirements;
    this.requirementsOnly = requirementsOnly;
  }

  /**
   * @param hasVector whether a point has the vector of this name
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a malformed condition,
   *     UNIMPLEMENTED for one that is not offered
   */
  static PayloadFilter of(Filter filter, BiPredicate<PointKey, String> hasVector) {
    List<Requirement> requirements = new ArrayList<>();
    boolean only = filter.getShouldCount() == 0 && filter.getMustNotCount() == 0;
    for (Condition condition : filter.getMustList()) {
      Requirement requirement = requirement(condition);
      if (requirement != null) {
        requirements.add(requirement);
      } else if (condition.getConditionOneOfCase()
          != Condition.ConditionOneOfCase.CONDITIONONEOF_NOT_SET) {
        only = false;
      }
    }
    return new PayloadFilter(
        compile(filter, hasVector), List.copyOf(requirements), only && !requirements.isEmpty());
  }

  boolean matches(StoredPoint point) {
    return check.test(point);
  }

  List<Requirement> requirements() {
    return requirements;
  }

  /** Tells whether the requirements say all that the filter says. */
  boolean requirementsOnly() {
    return requirementsOnly;
  }

  private static Requirement requirement(Condition condition) {
    if (condition.hasHasId()) {
      return new HasId(ids(condition.getHasId()));
    }
    if (!condition.hasField() || !condition.getField().hasMatch()) {
      return null;
    }
    FieldCondition field = condition.getField();
    return switch (field.getMatch().getMatchValueCase()) {
      case KEYWORD -> new HasKeyword(field.getKey(), List.of(field.getMatch().getKeywordBytes()));
      case KEYWORDS ->
          new HasKeyword(
              field.getKey(), field.getMatch().getKeywords().getStringsList().asByteStringList());
      default -> null;
    };
  }

  private static Set<PointKey> ids(HasIdCondition condition) {
    Set<PointKey> ids = new HashSet<>();
    condition.getHasIdList().forEach(id -> ids.add(PointKey.of(id)));
    return ids;
  }

  private static Predicate<StoredPoint> compile(
      Filter filter, BiPredicate<PointKey, String> hasVector) {
    Refusal.checkOptions("a filter", filter, CLAUSES);
    List<Predicate<StoredPoint>> must = compile(filter.getMustList(), hasVector);
    List<Predicate<StoredPoint>> mustNot = compile(filter.getMustNotList(), hasVector);
    List<Predicate<StoredPoint>> should = compile(filter.getShouldList(), hasVector);
    return point ->
        all(must, point) && (should.isEmpty() || any(should, point)) && !any(mustNot, point);
  }

  private static boolean all(List<Predicate<StoredPoint>> checks, StoredPoint point) {
    for (Predicate<StoredPoint> one : checks) {
      if (!one.test(point)) {
        return false;
      }
    }
    return true;
  }

  private static boolean any(List<Predicate<StoredPoint>> checks, StoredPoint point) {
    for (Predicate<StoredPoint> one : checks) {
      if (one.test(point)) {
        return true;
      }
    }
    return false;
  }

  private static List<Predicate<StoredPoint>> compile(
      List<Condition> conditions, BiPredicate<PointKey, String> hasVector) {
    List<Predicate<StoredPoint>> compiled = new ArrayList<>();
    for (Condition condition : conditions) {
      switch (condition.getConditionOneOfCase()) {
        case FIELD -> {
          JsonPath path = JsonPath.parse(condition.getField().getKey());
          FieldCheck check = FieldCheck.of(condition.getField());
          compiled.add(point -> path.values(point.fields()).stream().anyMatch(check::test));
        }
        case IS_EMPTY -> {
          JsonPath path = JsonPath.parse(condition.getIsEmpty().getKey());
          compiled.add(point -> path.values(point.fields()).stream().allMatch(FieldCheck::isEmpty));
        }
        case HAS_ID -> {
          Set<PointKey> ids = ids(condition.getHasId());
          compiled.add(point -> ids.contains(point.key()));
        }
        case HAS_VECTOR -> {
          String name = condition.getHasVector().getHasVector();
          compiled.add(point -> hasVector.test(point.key(), name));
        }
        case FILTER -> compiled.add(compile(condition.getFilter(), hasVector));
        case CONDITIONONEOF_NOT_SET -> {
          // A condition that says nothing is none; Qdrant leaves it out too.
        }
        default ->
            throw Refusal.unsupported(
                "A condition of the kind "
                    + condition.getConditionOneOfCase().name().toLowerCase(Locale.ROOT));
      }
    }
    return compiled;
  }
}
