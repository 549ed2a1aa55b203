package io.vectorstream.shop;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names that the columns of a kind of file have, or the fields of its JSON, by what they are of
 * a product; of several that a file has, the first with a text counts.
 */
enum ColumnNames {
  /** The export of products by Shopify, in its older and its newer names. */
  SHOPIFY(
      "Shopify's columns",
      Map.of(
          "id", List.of("handle", "urlhandle"),
          "name", List.of("title"),
          "description", List.of("bodyhtml", "description"),
          "category", List.of("productcategory", "type", "standardproducttype"),
          "price", List.of("variantprice", "price"),
          "status", List.of("status"),
          "published", List.of("published", "publishedononlinestore"))),

  /** The export of products by WooCommerce. */
  WOOCOMMERCE(
      "WooCommerce's columns",
      Map.ofEntries(
          Map.entry("id", List.of("id")),
          Map.entry("name", List.of("name")),
          Map.entry("description", List.of("description", "shortdescription")),
          Map.entry("category", List.of("categories")),
          Map.entry("price", List.of("regularprice")),
          Map.entry("sale_price", List.of("saleprice")),
          Map.entry("sale_dates", List.of("datesalepricestarts", "datesalepriceends")),
          Map.entry("type", List.of("type")),
          Map.entry("sku", List.of("sku")),
          Map.entry("parent", List.of("parent")),
          Map.entry("published", List.of("published")),
          Map.entry("visibility", List.of("visibilityincatalog")))),

  /** A feed for Google's Merchant Center, as text or as XML. */
  GOOGLE(
      "Google Merchant's columns",
      Map.of(
          "id", List.of("id"),
          "name", List.of("title", "name"),
          "description", List.of("description", "summary"),
          "category", List.of("producttype", "googleproductcategory", "category"),
          "price", List.of("price"),
          "sale_price", List.of("saleprice"),
          "sale_dates", List.of("salepriceeffectivedate"))),

  /** Products as JSON, also as the interfaces of Shopify and of WooCommerce give them. */
  JSON(
      "JSON",
      Map.of(
          "id", List.of("id"),
          "name", List.of("name", "title"),
          "description", List.of("description", "bodyhtml", "shortdescription"),
          "category", List.of("category", "producttype", "categories", "googleproductcategory"),
          "price", List.of("price", "variants"),
          "sale_price", List.of("saleprice"),
          "sale_dates", List.of("salepriceeffectivedate", "dateonsalefrom", "dateonsaleto"),
          "status", List.of("status"),
          "visibility", List.of("catalogvisibility"))),

  /** The columns of this program. */
  PLAIN(
      "columns by their names",
      Map.of(
          "id", List.of("id"),
          "name", List.of("name", "title"),
          "description", List.of("description"),
          "category", List.of("category", "producttype"),
          "price", List.of("price")));

  private static final Pattern NO_PART_OF_A_NAME = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]");
  private static final Pattern PREFIX = Pattern.compile("^\\s*[gG]:");

  private static final Set<String> MEANINGFUL =
      Arrays.stream(values())
          .flatMap(kind -> kind.columns.values().stream())
          .flatMap(List::stream)
          .collect(Collectors.toSet());

  private final String label;
  private final Map<String, List<String>> columns;

  ColumnNames(String label, Map<String, List<String>> columns) {
    this.label = label;
    this.columns = columns;
  }

  /**
   * Returns a column's name without what differs from file to file: case, spaces, {@code _}, {@code
   * -}, brackets, and the prefix {@code g:}.
   */
  static String normal(String name) {
    return NO_PART_OF_A_NAME
        .matcher(PREFIX.matcher(name).replaceFirst(""))
        .replaceAll("")
        .toLowerCase(Locale.ROOT);
  }

  static boolean isMeaningful(String normalName) {
    return MEANINGFUL.contains(normalName);
  }

  /** Returns the kind of a file by its header. */
  static ColumnNames of(Set<String> header) {
    if (header.contains("title")
        && (header.containsAll(Set.of("handle", "variantprice"))
            || header.containsAll(Set.of("urlhandle", "price")))) {
      return SHOPIFY;
    }
    if (header.containsAll(Set.of("id", "name", "regularprice"))) {
      return WOOCOMMERCE;
    }
    boolean isFeed =
        Set.of("link", "imagelink", "availability", "googleproductcategory").stream()
            .anyMatch(header::contains);
    return isFeed && header.containsAll(Set.of("id", "title", "price")) ? GOOGLE : PLAIN;
  }

  /** Returns whether a product may have several rows, which do not have all of it. */
  boolean hasVariants() {
    return this == SHOPIFY || this == WOOCOMMERCE;
  }

  /** Returns the names that a column may have, normalised; none if this kind has no such column. */
  List<String> named(String column) {
    return columns.getOrDefault(column, List.of());
  }

  @Override
  public String toString() {
    return label;
  }
}
