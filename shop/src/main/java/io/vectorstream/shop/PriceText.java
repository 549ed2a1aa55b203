package io.vectorstream.shop;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A price as shops write it: {@code 1299.99}, {@code 1.299,99}, {@code 1'299.99}, {@code 15.00
 * USD}, {@code € 15}. Most say by themselves which mark is that of the decimals:
 *
 * <ol>
 *   <li>Of a point and a comma, the one that comes last.
 *   <li>A mark that is there more than once separates thousands.
 *   <li>A single mark is that of the decimals, unless exactly three digits stand behind it and one
 *       to three before it.
 * </ol>
 *
 * Such a text as {@code 1.299} is read with the mark that the reader of the file knows.
 *
 * @param whole the digits before the decimals, with what separates thousands
 * @param decimals the digits behind the last mark; empty for none
 * @param mark the last point or comma; null for none
 * @param isCertain whether the mark is certain to be that of the decimals
 * @param isGroup whether the mark is certain to separate thousands
 */
record PriceText(
    String sign,
    String whole,
    String decimals,
    Character mark,
    boolean isCertain,
    boolean isGroup) {

  private static final String SIGN = "[\\p{Sc}&&[^¢]]?";
  private static final String CURRENCY = "(?:\\p{L}{1,3}\\.?)? ?" + SIGN;

  /** Behind a number, hundredths or thousands of a currency. */
  private static final String NO_CURRENCY = "(?!(?i:cts?|c|p|k)\\.?$)";

  private static final Pattern PRICE =
      Pattern.compile(
          CURRENCY
              + " ?(?<sign>-?) ?(?<number>[.,]?\\d[\\d.,'’ ]*?)(?:[.,][-–—]{1,2})? ?"
              + SIGN
              + " ?"
              + NO_CURRENCY
              + CURRENCY);
  private static final Pattern EXPONENT = Pattern.compile("\\d+(?:\\.\\d+)?[eE][+-]?\\d{1,3}");

  /** Digits in groups of three, or with commas as in India: 12,34,567. */
  private static final Pattern GROUPED =
      Pattern.compile(
          "\\d{1,3}(?<mark>[.'’ ])\\d{3}(?:\\k<mark>\\d{3})*|\\d{1,3}(?:,\\d{2,3})*,\\d{3}|\\d*");

  private static final Pattern ANY_SPACE = Pattern.compile("[\\s\\p{Z}]+");

  /** Returns the parts of a text; empty where it is no price. */
  static Optional<PriceText> of(String text) {
    Matcher price = PRICE.matcher(ANY_SPACE.matcher(text).replaceAll(" ").strip());
    if (!price.matches()) {
      return Optional.empty();
    }
    String number = price.group("number").strip();
    int last = Math.max(number.lastIndexOf('.'), number.lastIndexOf(','));
    if (last < 0) {
      return Optional.of(new PriceText(price.group("sign"), number, "", null, false, false));
    }
    char mark = number.charAt(last);
    String whole = number.substring(0, last);
    String decimals = number.substring(last + 1);
    boolean isGroup = whole.indexOf(mark) >= 0;
    boolean isCertain = !isGroup && (decimals.length() != 3 || !whole.matches("[1-9]\\d{0,2}"));
    return Optional.of(
        new PriceText(price.group("sign"), whole, decimals, mark, isCertain, isGroup));
  }

  /** Returns what the text shows of the file's decimal mark; empty for nothing. */
  Optional<DecimalMark> shows() {
    if (isCertain) {
      return Optional.of(DecimalMark.of(mark));
    }
    return isGroup
        ? Optional.of(mark == '.' ? DecimalMark.COMMA : DecimalMark.POINT)
        : Optional.empty();
  }

  /**
   * Returns the price in units of its currency.
   *
   * @param ambiguous the mark of the decimals where the text alone does not tell
   */
  OptionalDouble value(DecimalMark ambiguous) {
    boolean hasDecimals = mark != null && (isCertain || !isGroup && mark == ambiguous.mark());
    String before = hasDecimals || mark == null ? whole : whole + mark + decimals;
    String behind = hasDecimals ? decimals : "";
    if (!GROUPED.matcher(before).matches() || !behind.chars().allMatch(Character::isDigit)) {
      return OptionalDouble.empty();
    }
    String digits = before.replaceAll("\\D", "");
    return OptionalDouble.of(Double.parseDouble(sign + "0" + digits + "." + behind + "0"));
  }

  /** Returns the value of a text; not a number where it is no price. */
  static double parse(String text, DecimalMark ambiguous) {
    String stripped = text.strip();
    if (EXPONENT.matcher(stripped).matches()) {
      return Double.parseDouble(stripped);
    }
    return of(text)
        .map(price -> price.value(ambiguous))
        .orElseGet(OptionalDouble::empty)
        .orElse(Double.NaN);
  }
}
