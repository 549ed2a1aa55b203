package io.vectorstream.mapping;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.Map;

/**
 * A mapping as YAML describes it. {@code docs/bring-your-own-data.md} explains the fields.
 *
 * @param description for a reader
 * @param fields an {@link Expression} for each field of an event that is known, by its path: {@code
 *     product.price}
 * @param eventTypes the event types of the records, and what they are called here, or {@code skip}
 * @param skip records, or elements of arrays, that are left out on purpose
 * @param absent texts that mean that there is no value
 */
record MappingFile(
    String description,
    @NotEmpty(message = "must say where each field of an event comes from")
        Map<String, String> fields,
    Map<String, String> eventTypes,
    UnknownTypes unknownEventTypes,
    List<Condition> skip,
    List<String> absent,
    @Valid TimeRules times,
    @Valid MoneyRules money) {

  /** What becomes of a record with an event type that is in no list. */
  enum UnknownTypes {
    DEAD_LETTER,
    SKIP
  }

  /** The units of times that are numbers. */
  enum TimeUnits {
    /** The one that makes a time of this age, by its magnitude. */
    AUTO,
    SECONDS,
    MILLIS,
    MICROS,
    NANOS
  }

  /** The units of durations. */
  enum DurationUnits {
    SECONDS,
    MILLIS
  }

  /**
   * @param zone of times without an offset, such as {@code Europe/Berlin}; they are dead letters
   *     without one
   * @param durations the unit of view_duration
   */
  record TimeRules(TimeUnits unit, String zone, DurationUnits durations) {}

  /** The units of amounts. */
  enum MoneyUnits {
    /** Whole ones: euros, dollars. */
    UNITS,
    /** Hundredths. */
    CENTS,
    /** The smallest of the currency: cents of euros, yen, thousandths of Kuwaiti dinars. */
    MINOR,
    /** Millionths. */
    MICROS
  }

  /**
   * @param currency where the currency's code is
   * @param rates what one unit of a currency is in the shop's own; an amount in another one is a
   *     dead letter. None: currencies are not looked at
   */
  record MoneyRules(MoneyUnits unit, Expression currency, Map<String, String> rates) {}
}
