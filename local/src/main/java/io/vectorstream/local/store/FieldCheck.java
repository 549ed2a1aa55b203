package io.vectorstream.local.store;

import com.google.protobuf.Timestamp;
import io.qdrant.client.grpc.Common.DatetimeRange;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Match;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** One condition on the values of one field. */
final class FieldCheck {

  private static final Set<String> CONDITIONS = Set.of("key", "match", "range", "datetime_range");

  private final Predicate<Value> element;

  private FieldCheck(Predicate<Value> element) {
    this.element = element;
  }

  static FieldCheck of(FieldCondition condition) {
    Refusal.checkOptions("a condition", condition, CONDITIONS);
    int given =
        (condition.hasMatch() ? 1 : 0)
            + (condition.hasRange() ? 1 : 0)
            + (condition.hasDatetimeRange() ? 1 : 0);
    if (given > 1) {
      throw Refusal.unsupported("A condition of several kinds");
    }
    if (condition.hasRange()) {
      return new FieldCheck(range(condition.getRange()));
    }
    return new FieldCheck(
        condition.hasDatetimeRange()
            ? datetimeRange(condition.getDatetimeRange())
            : match(condition.getMatch()));
  }

  /** Tests a value; of an array, one element has to pass, arrays within it are not looked into. */
  boolean test(Value value) {
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

  private static Predicate<Value> match(Match match) {
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
      case KEYWORDS -> {
        Set<String> wanted = new HashSet<>(match.getKeywords().getStringsList());
        yield value -> value.hasStringValue() && wanted.contains(value.getStringValue());
      }
      case MATCHVALUE_NOT_SET -> throw Refusal.invalid("Malformed Match condition");
      default ->
          throw Refusal.unsupported(
              "A match of the kind " + match.getMatchValueCase().name().toLowerCase(Locale.ROOT));
    };
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
