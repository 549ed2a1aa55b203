package io.vectorstream.local.store;

import com.google.protobuf.ByteString;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.HasIdCondition;
import io.qdrant.client.grpc.Common.NestedCondition;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A filter, ready to be asked about points. A field with an array matches when one of its elements
 * does; conditions that are empty are left out, as in Qdrant.
 */
final class PayloadFilter {

  /** What a filter can know of a point; nested objects have no id and no vectors. */
  record Subject(PointKey point, Fields fields) {}

  private final Predicate<Subject> check;
  private final List<Requirement> requirements;
  private final boolean requirementsOnly;

  /** Something that every matching point has, by which points can be found. */
  sealed interface Requirement {}

  record HasKeyword(String field, List<ByteString> anyOf) implements Requirement {}

  record HasId(Set<PointKey> anyOf) implements Requirement {}

  private PayloadFilter(
      Predicate<Subject> check, List<Requirement> requirements, boolean requirementsOnly) {
    this.check = check;
    this.requirements = requirements;
    this.requirementsOnly = requirementsOnly;
  }

  /**
   * @param collection whose points are asked about
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a malformed condition
   */
  static PayloadFilter of(Filter filter, StoredCollection collection) {
    List<Requirement> requirements = new ArrayList<>();
    boolean only =
        filter.getShouldCount() == 0 && filter.getMustNotCount() == 0 && !filter.hasMinShould();
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
        compile(filter, collection), List.copyOf(requirements), only && !requirements.isEmpty());
  }

  boolean matches(StoredPoint point) {
    return check.test(new Subject(point.key(), point.fields()));
  }

  List<Requirement> requirements() {
    return requirements;
  }

  /** Whether the requirements say all that the filter says. */
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
    if (field.toBuilder().clearKey().clearMatch().build().getSerializedSize() > 0) {
      return null; // another condition beside the match makes it an "or"
    }
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

  /** Compiles with null for the collection inside a nested object. */
  private static Predicate<Subject> compile(Filter filter, StoredCollection collection) {
    List<Predicate<Subject>> must = compile(filter.getMustList(), collection);
    List<Predicate<Subject>> mustNot = compile(filter.getMustNotList(), collection);
    List<Predicate<Subject>> should = compile(filter.getShouldList(), collection);
    List<Predicate<Subject>> some = compile(filter.getMinShould().getConditionsList(), collection);
    long atLeast = filter.getMinShould().getMinCount();
    if (filter.hasMinShould() && atLeast == 0) {
      throw Refusal.invalid("Validation error: min_count must be greater than 0");
    }
    return subject ->
        all(must, subject)
            && (should.isEmpty() || count(should, subject, 1) == 1)
            && count(some, subject, atLeast) == atLeast
            && count(mustNot, subject, 1) == 0;
  }

  private static boolean all(List<Predicate<Subject>> checks, Subject subject) {
    for (Predicate<Subject> one : checks) {
      if (!one.test(subject)) {
        return false;
      }
    }
    return true;
  }

  private static long count(List<Predicate<Subject>> checks, Subject subject, long enough) {
    long count = 0;
    for (Predicate<Subject> one : checks) {
      if (count == enough) {
        break;
      }
      if (one.test(subject)) {
        count++;
      }
    }
    return count;
  }

  private static List<Predicate<Subject>> compile(
      List<Condition> conditions, StoredCollection collection) {
    List<Predicate<Subject>> compiled = new ArrayList<>();
    for (Condition condition : conditions) {
      switch (condition.getConditionOneOfCase()) {
        case FIELD -> compiled.add(field(condition.getField(), collection));
        case IS_EMPTY -> {
          JsonPath path = JsonPath.parse(condition.getIsEmpty().getKey());
          compiled.add(
              subject -> path.values(subject.fields()).stream().allMatch(FieldCheck::isEmpty));
        }
        case IS_NULL -> {
          JsonPath path = JsonPath.parse(condition.getIsNull().getKey());
          compiled.add(
              subject -> path.values(subject.fields()).stream().anyMatch(FieldCheck::isNull));
        }
        case HAS_ID -> {
          Set<PointKey> ids = ids(condition.getHasId());
          compiled.add(subject -> subject.point() != null && ids.contains(subject.point()));
        }
        case HAS_VECTOR -> {
          String name = condition.getHasVector().getHasVector();
          VectorSpec spec = collection == null ? null : collection.vectors().get(name);
          compiled.add(subject -> spec != null && collection.vector(subject.point(), spec) != null);
        }
        case FILTER -> compiled.add(compile(condition.getFilter(), collection));
        case NESTED -> compiled.add(nested(condition.getNested()));
        case CONDITIONONEOF_NOT_SET -> {
          // A condition that says nothing is none; Qdrant leaves it out too.
        }
      }
    }
    return compiled;
  }

  private static Predicate<Subject> field(FieldCondition condition, StoredCollection collection) {
    JsonPath path = JsonPath.parse(condition.getKey());
    FieldCheck check =
        FieldCheck.of(condition, collection != null && collection.hasTextIndex(condition.getKey()));
    return subject -> {
      List<Value> values = path.values(subject.fields());
      return values.isEmpty() ? check.whenAbsent() : values.stream().anyMatch(check::test);
    };
  }

  private static Predicate<Subject> nested(NestedCondition condition) {
    JsonPath path = JsonPath.parse(condition.getKey()).elements();
    Predicate<Subject> within = compile(condition.getFilter(), null);
    return subject ->
        path.values(subject.fields()).stream()
            .filter(Value::hasStructValue)
            .map(value -> value.getStructValue().getFieldsMap())
            .anyMatch(object -> within.test(new Subject(null, object::get)));
  }
}
