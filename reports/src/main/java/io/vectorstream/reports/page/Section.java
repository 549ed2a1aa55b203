package io.vectorstream.reports.page;

import java.util.List;

/**
 * A part of the page under a heading.
 *
 * @param lead its content in a sentence or two
 */
record Section(String id, String title, String lead, List<Block> blocks) {

  /**
   * A figure: a drawing with its numbers, or a table by itself.
   *
   * @param title null for none
   * @param text null for none
   * @param chart null for none
   * @param table null for none
   * @param isFolded whether the table only opens on demand
   */
  record Block(String title, String text, Chart chart, Table table, boolean isFolded) {

    static Block chart(String title, String text, Chart chart, Table numbers) {
      return new Block(title, text, chart, numbers, true);
    }

    static Block table(String title, String text, Table table) {
      return new Block(title, text, null, table, false);
    }

    static Block text(String text) {
      return new Block(null, text, null, null, false);
    }

    /** Returns whether it takes all of the page's width. */
    public boolean isWide() {
      return chart == null
          || !isFolded
          || chart.isHorizontal()
          || chart.x().scale() == Chart.Scale.PERCENTILE;
    }

    public boolean isOpen() {
      return table != null && !isFolded;
    }
  }
}
