package io.vectorstream.local.store;

import com.google.protobuf.Timestamp;
import io.qdrant.client.grpc.Common.DatetimeRange;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Match;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.Common.ValuesCount;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** One condition on the values of one field. */
final class FieldCheck {

  private final Predicate<Value> whole;
  private final Predicate<Value> element;
  private final boolean whenAbsent;

  private FieldCheck(Predicate<Value> whole, Predicate<Value> element, boolean whenAbsent) {
    this.whole = whole;
    this.element = element;
    this.whenAbsent = whenAbsent;
  }

  /**
   * @param words whether the field has a text index, so that texts match by their words and not by
   *     their letters
   */
  static FieldCheck of(FieldCondition condition, boolean words) {
    if (condition.hasGeoBoundingBox() || condition.hasGeoRadius() || condition.hasGeoPolygon()) {
      throw Refusal.unsupported("A geo condition");
    }
    if (condition.hasValuesCount()) {
      ValuesCount bounds = condition.getValuesCount();
      return new FieldCheck(value -> within(bounds, count(value)), null, within(bounds, 0));
    }
    if (condition.hasIsEmpty()) {
      boolean wanted = condition.getIsEmpty();
      return new FieldCheck(value -> isEmpty(value) == wanted, null, wanted);
    }
    if (condition.hasIsNull()) {
      boolean wanted = condition.getIsNull();
      return new FieldCheck(value -> holdsNull(value) == wanted, null, !wanted);
    }
    List<Predicate<Value>> any = new ArrayList<>();
    if (condition.hasMatch()) {
      any.add(match(condition.getMatch(), words));
    }
    if (condition.hasRange()) {
      any.add(range(condition.getRange()));
    } else if (condition.hasDatetimeRange()) {
      any.add(datetimeRange(condition.getDatetimeRange()));
    }
    return new FieldCheck(null, value -> any.stream().anyMatch(one -> one.test(value)), false);
  }

  boolean whenAbsent() {
    return whenAbsent;
  }

  /** Of an array, one element has to pass; arrays within it are not looked into. */
  boolean test(Value value) {
    if (whole != null) {
      return whole.test(value);
    }
    return value.hasListValue()
        ? value.getListValue().getValuesList().stream().anyMatch(element)
        : element.test(value);
  }

  static boolean isNull(Value value) {
    return value.hasNullValue() || value.getKindCase() == Value.KindCase.KIND_NOT_SET;
  }

  static boolean isEmpty(Value value) {
    return isNull(value) || value.hasListValue() && value.getListValue().getValuesCount() == 0;
  }

  private static boolean holdsNull(Value value) {
    return value.hasListValue()
        ? value.getListValue().getValuesList().stream().anyMatch(FieldCheck::isNull)
        : isNull(value);
  }

  private static long count(Value value) {
    if (value.hasListValue()) {
      return value.getListValue().getValuesCount();
    }
    return isNull(value) ? 0 : 1;
  }

  private static boolean within(ValuesCount bounds, long count) {
    return (!bounds.hasLt() || count < bounds.getLt())
        && (!bounds.hasLte() || count <= bounds.getLte())
        && (!bounds.hasGt() || count > bounds.getGt())
        && (!bounds.hasGte() || count >= bounds.getGte());
  }

  private static Predicate<Value> match(Match match, boolean byWords) {
    return switch (match.getMatchValueCase()) {
      case KEYWORD -> {
        String wanted = match.getKeyword();
        yield value -> value.hasStringValue() && value.getStringValue().equals(wanted);
      }
      case INTEGER -> {
        long wanted = match.getInteger();
        yield value -> value.hasIntegerValue() && value.getIntegerValue() == wanted;
      }
      case BOOLEAN -> {
        boolean wanted = match.getBoolean();
        yield value -> value.hasBoolValue() && value.getBoolValue() == wanted;
      }
      case TEXT -> byWords ? Words.all(match.getText()) : contains(match.getText());
      case PHRASE -> byWords ? Words.phrase(match.getPhrase()) : contains(match.getPhrase());
      case TEXT_ANY -> byWords ? Words.any(match.getTextAny()) : containsAny(match.getTextAny());
      case KEYWORDS -> {
        Set<String> wanted = new HashSet<>(match.getKeywords().getStringsList());
        yield value -> value.hasStringValue() && wanted.contains(value.getStringValue());
      }
      case INTEGERS -> {
        Set<Long> wanted = new HashSet<>(match.getIntegers().getIntegersList());
        yield value -> value.hasIntegerValue() && wanted.contains(value.getIntegerValue());
      }
      case EXCEPT_KEYWORDS -> {
        Set<String> unwanted = new HashSet<>(match.getExceptKeywords().getStringsList());
        yield value ->
            !isNull(value)
                && !(value.hasStringValue() && unwanted.contains(value.getStringValue()));
      }
      case EXCEPT_INTEGERS -> {
        Set<Long> unwanted = new HashSet<>(match.getExceptIntegers().getIntegersList());
        yield value ->
            !isNull(value)
                && !(value.hasIntegerValue() && unwanted.contains(value.getIntegerValue()));
      }
      case MATCHVALUE_NOT_SET -> throw Refusal.invalid("Malformed Match condition");
    };
  }

  private static Predicate<Value> contains(String text) {
    return value -> value.hasStringValue() && value.getStringValue().contains(text);
  }

  private static Predicate<Value> containsAny(String text) {
    String[] words = text.strip().split("\\s+");
    return value ->
        value.hasStringValue() && Stream.of(words).anyMatch(value.getStringValue()::contains);
  }

  private static Predicate<Value> range(Range range) {
    return value -> {
      double number;
      if (value.hasIntegerValue()) {
        number = value.getIntegerValue();
      } else if (value.hasDoubleValue()) {
        number = value.getDoubleValue();
      } else {
        return false;
      }
      return (!range.hasLt() || number < range.getLt())
          && (!range.hasLte() || number <= range.getLte())
          && (!range.hasGt() || number > range.getGt())
          && (!range.hasGte() || number >= range.getGte());
    };
  }

  private static Predicate<Value> datetimeRange(DatetimeRange range) {
    Optional<Instant> lt = instant(range.hasLt(), range.getLt());
    Optional<Instant> lte = instant(range.hasLte(), range.getLte());
    Optional<Instant> gt = instant(range.hasGt(), range.getGt());
    Optional<Instant> gte = instant(range.hasGte(), range.getGte());
    return value -> {
      if (!value.hasStringValue()) {
        return false;
      }
      Instant time = Datetimes.parse(value.getStringValue());
      return time != null
          && lt.map(time::isBefore).orElse(true)
          && gt.map(time::isAfter).orElse(true)
          && lte.map(bound -> !time.isAfter(bound)).orElse(true)
          && gte.map(bound -> !time.isBefore(bound)).orElse(true);
    };
  }

  private static Optional<Instant> instant(boolean given, Timestamp timestamp) {
    if (!given) {
      return Optional.empty();
    }
    if (timestamp.getNanos() < 0 || timestamp.getNanos() > 999_999_999) {
      throw Refusal.invalid("Unable to parse timestamp: " + timestamp);
    }
    // Qdrant compares by microseconds, stored values and bounds alike.
    return Optional.of(
        Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos() / 1000 * 1000L));
  }
}
