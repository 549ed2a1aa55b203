package io.vectorstream.shop;

import com.google.common.base.CharMatcher;
import java.nio.charset.Charset;
import java.util.Set;

/**
 * The rules for a product, the same as for an event's (contract C1).
 *
 * @param encoding of the file, for what is said of bytes that are none of its characters
 * @param decimalMark of prices that may be read in two ways
 * @param keepsHtml whether texts are taken as they are
 */
record ProductFields(Charset encoding, DecimalMark decimalMark, boolean keepsHtml) {
  private static final int SHOWN = 40;

  /** The decoder's replacement for bytes that are no character. */
  private static final char NO_CHARACTER = '\ufffd';

  private static final Set<String> HIDDEN =
      Set.of("draft", "archived", "unlisted", "pending", "private", "trash");
  private static final Set<String> UNPUBLISHED = Set.of("0", "-1", "false");

  Product product(RowFields fields) throws WrongRowException {
    return new Product(
        required(fields, "id").strip(),
        requiredText(fields, "name").strip(),
        plain(text(fields, "description")),
        category(fields),
        price(fields));
  }

  /** Returns whether the shop shows the product to nobody: a draft, for example. */
  static boolean isHidden(RowFields fields) throws WrongRowException {
    return isOneOf(fields.text("status"), HIDDEN)
        || isOneOf(fields.text("published"), UNPUBLISHED)
        || isOneOf(fields.text("visibility"), Set.of("hidden"));
  }

  private static boolean isOneOf(String text, Set<String> values) {
    return text != null && values.stream().anyMatch(text.strip()::equalsIgnoreCase);
  }

  static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private String required(RowFields fields, String name) throws WrongRowException {
    return present(text(fields, name), name);
  }

  private String requiredText(RowFields fields, String name) throws WrongRowException {
    return present(plain(text(fields, name)), name);
  }

  private static String present(String value, String name) throws WrongRowException {
    if (isBlank(value)) {
      throw new WrongRowException(name + (value == null ? " is missing" : " is empty"), false);
    }
    return value;
  }

  private String category(RowFields fields) throws WrongRowException {
    String category = plain(text(fields, "category"));
    return category == null || keepsHtml ? category : PlainText.path(category);
  }

  private String plain(String text) {
    return text == null || keepsHtml ? text : PlainText.of(text);
  }

  private String text(RowFields fields, String name) throws WrongRowException {
    String value = fields.text(name);
    if (value != null && value.indexOf(NO_CHARACTER) >= 0) {
      throw new WrongRowException(name + " has bytes that are not " + encoding.name(), false);
    }
    return value;
  }

  /** Returns the price, or what it is reduced to as long as nobody has set an end. */
  double price(RowFields fields) throws WrongRowException {
    double price = price(required(fields, "price"), fields.number("price"));
    String reduced = fields.text("sale_price");
    if (isBlank(reduced) || !isBlank(fields.text("sale_dates"))) {
      return price;
    }
    double sale = price(reduced, fields.number("sale_price"));
    return sale > 0 && sale < price ? sale : price;
  }

  private double price(String text, Double number) throws WrongRowException {
    double price = number == null ? PriceText.parse(text, decimalMark) : number;
    if (!Double.isFinite(price) || price < 0) {
      String line = CharMatcher.whitespace().collapseFrom(text, ' ');
      String shown = line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
      throw new WrongRowException(
          "price is '" + shown + "'; expected a number of 0 or more, such as 12.50", false);
    }
    return price;
  }
}
