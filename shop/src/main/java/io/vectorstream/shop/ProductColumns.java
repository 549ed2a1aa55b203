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

  /** WooCommerce writes the end of a line so; what looks like it has one backslash more. */
  private static final Pattern LINE_END = Pattern.compile("(?<!\\\\)\\\\n");

  /** Returns the names that a column of a product may have in the file, normalised. */
  List<String> named(String column) {
    String name = given.get(column);
    return name == null ? kind.named(column) : List.of(name);
  }

  /** Returns the fields of a row by what they are of a product. */
  RowFields of(RowFields row) {
    return new Named(row);
  }

  private final class Named implements RowFields {
    private final RowFields row;

    Named(RowFields row) {
      this.row = row;
    }

    @Override
    public String text(String column) throws WrongRowException {
      String name = present(column);
      String text = name == null ? null : row.text(name);
      if (text == null || kind != ColumnNames.WOOCOMMERCE) {
        return text;
      }
      return switch (column) {
        case "category" -> FURTHER.matcher(text).replaceFirst("").replace("\\,", ",");
        case "description" -> LINE_END.matcher(text).replaceAll("\n").replace("\\\\n", "\\n");
        default -> text;
      };
    }

    @Override
    public Double number(String column) throws WrongRowException {
      String name = present(column);
      return name == null ? null : row.number(name);
    }

    /** Returns the first name with a text, or else that of the first empty one; null for none. */
    private String present(String column) throws WrongRowException {
      String first = null;
      for (String name : named(column)) {
        String text = row.text(name);
        if (!ProductFields.isBlank(text)) {
          return name;
        }
        first = first == null && text != null ? name : first;
      }
      return first;
    }
  }
}
