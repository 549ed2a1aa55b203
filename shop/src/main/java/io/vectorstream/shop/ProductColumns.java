package io.vectorstream.shop;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The meaning of a file's columns.
 *
 * @param given normalised names of columns that a user has named, by what they are of a product
 */
record ProductColumns(ColumnNames kind, Map<String, String> given) {

  /** WooCommerce puts commas between categories; one within a name has a backslash before it. */
  private static final Pattern FURTHER = Pattern.compile("(?<!\\\\),.*", Pattern.DOTALL);

  private boolean isList(String column) {
    return kind == ColumnNames.WOOCOMMERCE && column.equals("category");
  }

  /** Returns the names that a column of a product may have in the file, normalised. */
  List<String> named(String column) {
    String name = given.get(column);
    return name == null ? kind.named(column) : List.of(name);
  }

  /** Returns the fields of a row by what they are of a product. */
  RowFields of(RowFields row) {
    return column -> {
      String first = null;
      for (String name : named(column)) {
        String text = row.text(name);
        if (!ProductFields.isBlank(text)) {
          return isList(column) ? FURTHER.matcher(text).replaceFirst("").replace("\\,", ",") : text;
        }
        first = first == null ? text : first;
      }
      return first;
    };
  }
}
