package io.vectorstream.reports.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Figures in rows and columns.
 *
 * @param caption their subject
 */
record Table(String caption, List<Column> columns, List<Row> rows) {

  /**
   * @param style {@code number} for a column that is aligned at the right, else {@code text}
   */
  record Column(String name, String style) {
    static Column text(String name) {
      return new Column(name, "text");
    }

    static Column number(String name) {
      return new Column(name, "number");
    }
  }

  /**
   * @param style {@code good}, {@code bad}, {@code quiet} or none
   */
  record Row(String style, List<Cell> cells) {}

  /**
   * @param column its name, for where a row is shown as a block
   * @param isHead whether it names the row
   */
  record Cell(String text, String style, String column, boolean isHead) {}

  /** A builder that collects rows. */
  static final class Builder {
    private final String caption;
    private final List<Column> columns;
    private final List<Row> rows = new ArrayList<>();

    private Builder(String caption, List<Column> columns) {
      this.caption = caption;
      this.columns = columns;
    }

    Builder row(String... texts) {
      return styledRow("", texts);
    }

    Builder styledRow(String style, String... texts) {
      if (texts.length != columns.size()) {
        throw new IllegalArgumentException(
            "%d cells for %d columns of %s".formatted(texts.length, columns.size(), caption));
      }
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < texts.length; i++) {
        Column column = columns.get(i);
        cells.add(new Cell(texts[i], column.style(), column.name(), i == 0));
      }
      rows.add(new Row(style, cells));
      return this;
    }

    Table build() {
      return new Table(caption, columns, List.copyOf(rows));
    }
  }

  /** Begins a table whose first column names the rows. */
  static Builder of(String caption, Column... columns) {
    return new Builder(caption, Arrays.asList(columns));
  }
}
