package io.vectorstream.shop;

import com.google.common.collect.Maps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A file of which the form, the encoding and the columns are known, to be read once or twice. */
final class CatalogSource {
  /** The columns that a product has to have. */
  static final Set<String> REQUIRED = Set.of("id", "name", "price");

  private final CatalogText text;
  private final CatalogForm form;
  private final ProductColumns columns;

  /** Null for what is not CSV. */
  private final Character delimiter;

  private CatalogSource(
      CatalogText text, CatalogForm form, ProductColumns columns, Character delimiter) {
    this.text = text;
    this.form = form;
    this.columns = columns;
    this.delimiter = delimiter;
  }

  /**
   * Finds out what a file is.
   *
   * @throws WrongFileException if it cannot be a catalogue
   */
  static CatalogSource of(Path file, CatalogFormat format) throws IOException {
    CatalogText text = CatalogText.of(file, format.encoding());
    Map<String, String> given = Maps.transformValues(format.columns(), ColumnNames::normal);
    CatalogForm form = CatalogForm.of(text, new ProductColumns(ColumnNames.JSON, given));
    if (form.kind() != CatalogForm.Kind.CSV) {
      ColumnNames kind =
          form.kind() == CatalogForm.Kind.XML ? ColumnNames.GOOGLE : ColumnNames.JSON;
      return new CatalogSource(text, form, new ProductColumns(kind, given), null);
    }
    try (CsvRows rows = new CsvRows(text.open().text(), format.delimiter())) {
      ProductColumns columns = new ProductColumns(ColumnNames.of(rows.header().keySet()), given);
      check(rows, columns);
      return new CatalogSource(text, form, columns, rows.delimiter());
    }
  }

  private static void check(CsvRows rows, ProductColumns columns) {
    Map<String, Integer> header = rows.header();
    if (header.isEmpty()) {
      throw new WrongFileException(": is empty; expected CSV with a header, JSON or XML");
    }
    columns
        .given()
        .forEach(
            (column, name) -> {
              if (!header.containsKey(name)) {
                throw wrong(rows, "the column for " + column + " is missing: " + name);
              }
            });
    for (String column : CatalogFile.COLUMNS) {
      boolean isThere = false;
      for (String name : columns.named(column)) {
        isThere |= header.containsKey(name);
        if (rows.repeated().contains(name)) {
          throw wrong(rows, "the column " + name + " is there more than once");
        }
      }
      if (REQUIRED.contains(column) && !isThere) {
        throw wrong(rows, "the column " + column + " is missing");
      }
    }
  }

  private static WrongFileException wrong(CsvRows rows, String what) {
    return new WrongFileException(
        (", line %d: %s; expected id, name and price, and description and category where there are"
                + " any, or the columns of Google Merchant, Shopify or WooCommerce; the delimiter"
                + " is taken to be a %s, which makes the columns %s; --column id=NAME names one")
            .formatted(
                rows.line(),
                what,
                CsvDelimiter.name(rows.delimiter()),
                ShownNames.of(rows.names())));
  }

  CatalogText text() {
    return text;
  }

  ProductColumns columns() {
    return columns;
  }

  /**
   * Opens the rows of the file.
   *
   * @param opened is closed with them, and if it fails
   * @param rules for what a product is
   */
  CatalogRows rows(CatalogText.Opened opened, ProductFields rules) throws IOException {
    try {
      return begun(opened, rules);
    } catch (IOException | RuntimeException e) {
      opened.text().close();
      throw e;
    }
  }

  private CatalogRows begun(CatalogText.Opened opened, ProductFields rules) throws IOException {
    return switch (form.kind()) {
      case JSON_LINES -> new JsonLines(opened.text());
      case JSON_OBJECTS -> new JsonObjects(opened.text(), form.skipped());
      case XML -> new XmlItems(opened.text());
      case CSV -> {
        CsvRows rows = new CsvRows(opened.text(), delimiter);
        rows.recognise(fields -> isProduct(columns.of(fields), rules));
        yield rows;
      }
    };
  }

  /** Returns whether these are the fields of a product, or of a variant of one. */
  private boolean isProduct(RowFields fields, ProductFields rules) {
    try {
      boolean hasPrice = !ProductFields.isBlank(fields.text("price"));
      if (hasPrice) {
        rules.price(fields);
      }
      return !ProductFields.isBlank(fields.text("id"))
          && (columns.kind().hasVariants()
              || hasPrice && !ProductFields.isBlank(fields.text("name")));
    } catch (WrongRowException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    String shape =
        switch (form.kind()) {
          case JSON_LINES -> "JSON lines";
          case JSON_OBJECTS -> "JSON";
          case XML -> "XML";
          case CSV -> "CSV with " + CsvDelimiter.name(delimiter) + "s, " + columns.kind();
        };
    return shape + ", " + text;
  }
}
