package io.vectorstream.shop;

import java.io.IOException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The products of an export by WooCommerce. Their variations have rows of their own, anywhere
 * behind that of their product, which has no price. So the file is read for them first, and the
 * price of such a product is that of its cheapest variation.
 */
final class WooCommerceVariations implements CatalogItem.Items {
  private static final Set<String> PRICES = Set.of("price", "sale_price", "sale_dates");

  /** The cheapest variation of a product. */
  private record Cheapest(Map<String, String> prices, double value, long line) {}

  private final CatalogItem.Items rows;
  private final ProductFields rules;
  private final Consumer<RowProblem> problems;

  /** The products that have not come, by {@code id:} and the id or by the SKU. */
  private final Map<String, Cheapest> cheapest;

  private WooCommerceVariations(
      CatalogItem.Items rows,
      ProductFields rules,
      Consumer<RowProblem> problems,
      Map<String, Cheapest> cheapest) {
    this.rows = rows;
    this.rules = rules;
    this.problems = problems;
    this.cheapest = cheapest;
  }

  /**
   * Reads the variations of the file.
   *
   * @param first the rows of the file, to be read for variations
   * @param rows the same rows once more
   * @param problems receives wrong variations, and those of a product that the file does not have
   */
  static WooCommerceVariations of(
      CatalogItem.Items first,
      CatalogItem.Items rows,
      ProductFields rules,
      Consumer<RowProblem> problems)
      throws IOException {
    Map<String, Cheapest> cheapest = new LinkedHashMap<>();
    for (CatalogItem row = first.next(); row != null; row = first.next()) {
      try {
        if (isVariation(row)) {
          cheapest.merge(parent(row), priced(row, rules), WooCommerceVariations::cheaper);
        }
      } catch (WrongRowException e) {
        // Told when the row is read for the second time.
      }
    }
    return new WooCommerceVariations(rows, rules, problems, cheapest);
  }

  private static Cheapest cheaper(Cheapest one, Cheapest other) {
    return other.value() < one.value() ? other : one;
  }

  private static boolean isVariation(CatalogItem row) throws WrongRowException {
    String type = row.fields().text("type");
    return type != null && type.toLowerCase(Locale.ROOT).contains("variation");
  }

  private static String parent(CatalogItem row) throws WrongRowException {
    String parent = row.fields().text("parent");
    if (ProductFields.isBlank(parent)) {
      throw new WrongRowException("is a variation without a parent", false);
    }
    return parent.strip();
  }

  private static Cheapest priced(CatalogItem row, ProductFields rules) throws WrongRowException {
    Map<String, String> prices = new LinkedHashMap<>();
    for (String field : PRICES) {
      prices.put(field, row.fields().text(field));
    }
    return new Cheapest(prices, rules.price(row.fields()), row.line());
  }

  @Override
  public CatalogItem next() throws IOException {
    for (CatalogItem row = rows.next(); row != null; row = rows.next()) {
      try {
        if (!isVariation(row)) {
          return product(row);
        }
        parent(row);
        rules.price(row.fields());
      } catch (WrongRowException e) {
        problems.accept(new RowProblem(row.line(), e.getMessage()));
      }
    }
    for (Iterator<Map.Entry<String, Cheapest>> left = cheapest.entrySet().iterator();
        left.hasNext(); ) {
      Map.Entry<String, Cheapest> one = left.next();
      problems.accept(
          new RowProblem(
              one.getValue().line(),
              "is a variation of %s; expected that product in the file".formatted(one.getKey())));
      left.remove();
    }
    return null;
  }

  private CatalogItem product(CatalogItem row) throws WrongRowException {
    RowFields own = row.fields();
    Cheapest variation =
        Stream.of("id:" + own.text("id"), String.valueOf(own.text("sku")))
            .map(cheapest::remove)
            .filter(Objects::nonNull)
            .min(Comparator.comparingDouble(Cheapest::value))
            .orElse(null);
    if (variation == null || !ProductFields.isBlank(own.text("price"))) {
      return row;
    }
    return new CatalogItem(
        row.line(),
        field -> PRICES.contains(field) ? variation.prices().get(field) : own.text(field));
  }
}
