package io.vectorstream.shop;

/** The rules for a product, the same as for an event's (contract C1). */
final class ProductFields {
  private static final int SHOWN = 40;
  private static final char NOT_UTF_8 = '\ufffd';

  private ProductFields() {}

  static Product product(CatalogFile.RowFields fields) throws WrongRowException {
    return new Product(
        required(fields, "id"),
        required(fields, "name"),
        text(fields, "description"),
        text(fields, "category"),
        price(required(fields, "price")));
  }

  private static String required(CatalogFile.RowFields fields, String name)
      throws WrongRowException {
    String value = text(fields, name);
    if (value == null || value.isBlank()) {
      throw new WrongRowException(name + (value == null ? " is missing" : " is empty"), false);
    }
    return value;
  }

  private static String text(CatalogFile.RowFields fields, String name) throws WrongRowException {
    String value = fields.text(name);
    // The decoder's replacement for bytes that are no character.
    if (value != null && value.indexOf(NOT_UTF_8) >= 0) {
      throw new WrongRowException(name + " has bytes that are not UTF-8", false);
    }
    return value;
  }

  private static double price(String text) throws WrongRowException {
    double price;
    try {
      price = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      price = Double.NaN;
    }
    if (!Double.isFinite(price) || price < 0) {
      String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
      throw new WrongRowException(
          "price is '" + shown + "'; expected a number of 0 or more, such as 12.50", false);
    }
    return price;
  }
}
