package io.vectorstream.mapping;

import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.EventField;
import io.vectorstream.event.LenientValues;
import io.vectorstream.event.Reason;
import io.vectorstream.mapping.MappingFile.MoneyRules;
import io.vectorstream.mapping.MappingFile.MoneyUnits;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * The reading of amounts in a record.
 *
 * @param currency where the currency's code is; null if it is not needed
 * @param rates what one unit of a currency is in the shop's own; none if any currency will do
 */
record Money(MoneyUnits unit, Expression currency, Map<String, BigDecimal> rates)
    implements Serializable {

  /**
   * @param rules null for none
   */
  static Money of(MoneyRules rules) {
    if (rules == null) {
      return new Money(MoneyUnits.UNITS, null, Map.of());
    }
    Map<String, BigDecimal> rates = new HashMap<>();
    rules.rates().forEach((code, rate) -> rates.put(upperCase(code), LenientValues.number(rate)));
    return new Money(
        rules.unit() == null ? MoneyUnits.UNITS : rules.unit(),
        rules.currency(),
        Map.copyOf(rates));
  }

  private static String upperCase(String code) {
    return code.strip().toUpperCase(Locale.ROOT);
  }

  /**
   * Returns an amount in whole units of the shop's currency.
   *
   * @throws BrokenRecordException if the currency is missing or has no rate
   */
  BigDecimal amount(EventField field, BigDecimal given, Scope scope, AbsentValues absent)
      throws BrokenRecordException {
    if (!LenientValues.isUsual(given)) {
      return given;
    }
    BigDecimal amount =
        switch (unit) {
          case UNITS -> given;
          case CENTS -> given.movePointLeft(2);
          case MICROS -> given.movePointLeft(6);
          case MINOR -> given.movePointLeft(digits(field, code(field, scope, absent)));
        };
    return rates.isEmpty() ? amount : amount.multiply(rate(field, code(field, scope, absent)));
  }

  private String code(EventField field, Scope scope, AbsentValues absent)
      throws BrokenRecordException {
    Expression.Found found = currency.find(scope, absent);
    if (found == null) {
      throw wrong(field, "has no currency, expected one in %s".formatted(currency));
    }
    return upperCase(found.value().asText());
  }

  private static int digits(EventField field, String code) throws BrokenRecordException {
    try {
      return Math.max(0, Currency.getInstance(code).getDefaultFractionDigits());
    } catch (IllegalArgumentException e) {
      throw wrong(
          field,
          "has the currency '%s', expected a code of ISO 4217"
              .formatted(BrokenRecordException.quote(code)));
    }
  }

  private BigDecimal rate(EventField field, String code) throws BrokenRecordException {
    BigDecimal rate = rates.get(code);
    if (rate == null) {
      throw wrong(
          field,
          "has the currency '%s', expected one in money.rates: %s"
              .formatted(
                  BrokenRecordException.quote(code),
                  String.join(", ", new TreeSet<>(rates.keySet()))));
    }
    return rate;
  }

  private static BrokenRecordException wrong(EventField field, String what) {
    return new BrokenRecordException(
        field == EventField.PRODUCT_PRICE ? Reason.INVALID_PRICE : Reason.INVALID_AMOUNT,
        field.path() + " " + what);
  }
}
