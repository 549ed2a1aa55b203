package io.vectorstream.mapping;

import io.vectorstream.config.YamlRecords.Problems;
import io.vectorstream.event.EventField;
import io.vectorstream.event.LenientValues;
import io.vectorstream.mapping.MappingFile.MoneyRules;
import io.vectorstream.mapping.MappingFile.MoneyUnits;
import io.vectorstream.shop.EventType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The check of a mapping for what the types of its values do not say. */
final class MappingCheck {

  private static final String FIELDS = "fields";
  private static final String EVENT_TYPES = "event_types";
  private static final String RATES = "money.rates";

  private final MappingFile file;
  private final Problems problems;
  private final List<FieldPath> paths = new ArrayList<>();

  private MappingCheck(MappingFile file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  static void check(MappingFile file, Problems problems) {
    MappingCheck check = new MappingCheck(file, problems);
    check.checkFields();
    check.checkEventTypes();
    check.checkTimes();
    check.checkMoney();
    file.skip().forEach(condition -> check.add(condition.sources()));
    check.checkArrays();
  }

  private void checkFields() {
    file.fields().forEach(this::checkField);
    Arrays.stream(EventField.values())
        .filter(field -> field.isRequired() && !file.fields().containsKey(field.path()))
        .forEach(
            field ->
                problems.of(
                    FIELDS,
                    field.path()
                        + " is missing; expected where it comes from, or a"
                        + " constant, such as =none"));
  }

  private void checkField(String name, String text) {
    Optional<EventField> field = EventField.of(name);
    if (field.isEmpty()) {
      problems.ofEntry(
          FIELDS,
          name,
          "is no field of an event; expected one of "
              + Arrays.stream(EventField.values())
                  .map(EventField::path)
                  .collect(Collectors.joining(", ")));
      return;
    }
    try {
      Expression expression = Expression.parse(text);
      if (field.get() != EventField.EVENT_ID && expression.hasSeveralParts()) {
        problems.ofEntry(FIELDS, name, "has several parts; only event_id can be made of several");
      }
      boolean hasPlace = expression.sources().anyMatch(Source.Position.class::isInstance);
      if (field.get() != EventField.EVENT_ID && hasPlace) {
        problems.ofEntry(FIELDS, name, "is $place, which is for event_id only");
      }
      add(expression.sources());
    } catch (IllegalArgumentException e) {
      problems.ofEntry(FIELDS, name, e.getMessage());
    }
  }

  private void add(Stream<Source> sources) {
    sources.map(Source::path).filter(path -> path != null).forEach(paths::add);
  }

  private void checkEventTypes() {
    file.eventTypes()
        .forEach(
            (theirs, ours) -> {
              if (!ours.equals(EventMapping.SKIP) && !EventType.names().contains(ours)) {
                problems.ofEntry(
                    EVENT_TYPES,
                    theirs,
                    "'%s' is no event type; expected %s or %s"
                        .formatted(ours, String.join(", ", EventType.names()), EventMapping.SKIP));
              }
            });
  }

  private void checkTimes() {
    if (file.times() == null || file.times().zone() == null) {
      return;
    }
    try {
      ZoneId.of(file.times().zone());
    } catch (DateTimeException e) {
      problems.of(
          "times.zone",
          "'%s' is no time zone; expected one such as Europe/Berlin, UTC or +03:00"
              .formatted(file.times().zone()));
    }
  }

  private void checkMoney() {
    MoneyRules money = file.money();
    if (money == null) {
      return;
    }
    boolean needsCurrency = money.unit() == MoneyUnits.MINOR || !money.rates().isEmpty();
    if (needsCurrency && money.currency() == null) {
      problems.of("money", "needs a currency; expected currency: and the path of its code");
    }
    if (money.currency() != null) {
      add(money.currency().sources());
    }
    money
        .rates()
        .forEach(
            (currency, rate) -> {
              BigDecimal number = LenientValues.number(rate);
              if (number == null || number.signum() <= 0) {
                problems.ofEntry(
                    RATES, currency, "'" + rate + "' is no rate; expected a number above 0");
              }
            });
  }

  /** Checks that arrays whose elements are taken one by one lie within each other. */
  private void checkArrays() {
    FieldPath deepest = EventMapping.deepest(paths.stream());
    paths.stream()
        .filter(path -> !path.isWithin(deepest))
        .findFirst()
        .ifPresent(
            path ->
                problems.of(
                    FIELDS,
                    ("%s and %s take the elements of different arrays; expected one array, or one"
                            + " within the other, such as orders[] and orders[].items[]")
                        .formatted(deepest, path)));
  }
}
