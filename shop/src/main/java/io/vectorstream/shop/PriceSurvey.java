package io.vectorstream.shop;

import java.io.IOException;

/**
 * The decimal mark of a file, as the prices of its first rows show it. Numbers of JSON show none:
 * their point is that of JSON.
 */
final class PriceSurvey {
  /** The rows that are looked at. */
  static final int ROWS = 1_000;

  private PriceSurvey() {}

  /** Returns the mark that more prices have for certain; a point if as many have either. */
  static DecimalMark of(CatalogItem.Items rows) throws IOException {
    int commas = 0;
    CatalogItem row = rows.next();
    for (int i = 0; i < ROWS && row != null; i++, row = rows.next()) {
      try {
        String price = row.fields().text("price");
        commas +=
            ProductFields.isBlank(price) || row.fields().number("price") != null
                ? 0
                : PriceText.of(price)
                    .flatMap(PriceText::shows)
                    .map(mark -> mark == DecimalMark.COMMA ? 1 : -1)
                    .orElse(0);
      } catch (WrongRowException e) {
        // Told when the row is read as a product.
      }
    }
    return commas > 0 ? DecimalMark.COMMA : DecimalMark.POINT;
  }
}
