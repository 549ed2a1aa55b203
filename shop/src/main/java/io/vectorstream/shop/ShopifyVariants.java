package io.vectorstream.shop;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The products of an export by Shopify, of which each has a row for every variant and every further
 * image. Those of one product follow each other. What the first row does not have comes from the
 * others; the price is that of the cheapest variant.
 */
final class ShopifyVariants implements CatalogItem.Items {
  private static final List<String> MERGED =
      List.of("id", "name", "description", "category", "status", "published");

  private final CatalogItem.Items rows;
  private final ProductFields rules;
  private final Consumer<RowProblem> problems;
  private CatalogItem ahead;

  /**
   * @param problems receives a variant with a wrong price; the others count
   */
  ShopifyVariants(CatalogItem.Items rows, ProductFields rules, Consumer<RowProblem> problems) {
    this.rows = rows;
    this.rules = rules;
    this.problems = problems;
  }

  @Override
  public CatalogItem next() throws IOException {
    CatalogItem first = ahead == null ? rows.next() : ahead;
    ahead = null;
    if (first == null) {
      return null;
    }
    Map<String, String> product = new HashMap<>();
    String handle = add(first, product);
    CatalogItem row = rows.next();
    while (row != null && !ProductFields.isBlank(handle) && handle.equals(text(row, "id"))) {
      add(row, product);
      row = rows.next();
    }
    ahead = row;
    return new CatalogItem(first.line(), product::get);
  }

  private String add(CatalogItem row, Map<String, String> product) {
    for (String field : MERGED) {
      String text = text(row, field);
      if (text != null) {
        product.merge(field, text, (before, now) -> before.isBlank() ? now : before);
      }
    }
    String price = text(row, "price");
    if (!ProductFields.isBlank(price)) {
      try {
        double value = rules.price(row.fields());
        if (!product.containsKey("price") || value < rules.price(product::get)) {
          product.put("price", price);
        }
      } catch (WrongRowException e) {
        problems.accept(new RowProblem(row.line(), e.getMessage()));
      }
    }
    return product.get("id");
  }

  private static String text(CatalogItem row, String field) {
    try {
      return row.fields().text(field);
    } catch (WrongRowException e) {
      throw new IllegalStateException("a cell of CSV is always a text", e);
    }
  }
}
