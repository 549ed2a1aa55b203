package io.vectorstream.shop;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What is known of a catalogue file before it is opened; what is null is found out from its
 * content.
 *
 * @param delimiter stands between the cells of CSV
 * @param encoding of the text
 * @param decimalMark of prices that may be read in two ways, such as {@code 1.299}
 * @param columns names of the file's columns, by what they are of a product; see {@link
 *     CatalogFile#COLUMNS}
 * @param keepsHtml whether texts are taken as they are, HTML included
 */
public record CatalogFormat(
    Character delimiter,
    Charset encoding,
    DecimalMark decimalMark,
    Map<String, String> columns,
    boolean keepsHtml) {

  /** Everything is found out from the file. */
  public static final CatalogFormat UNKNOWN = new CatalogFormat(null, null, null, Map.of(), false);

  /** The CSV that this program writes itself. */
  public static final CatalogFormat OWN =
      new CatalogFormat(',', StandardCharsets.UTF_8, DecimalMark.POINT, Map.of(), true);

  /**
   * @throws IllegalArgumentException if a column is named for what no product has
   */
  public CatalogFormat {
    columns = Map.copyOf(columns);
    for (String column : columns.keySet()) {
      if (!CatalogFile.COLUMNS.contains(column)) {
        throw new IllegalArgumentException(
            "'%s' is nothing of a product; expected one of %s"
                .formatted(column, String.join(", ", CatalogFile.COLUMNS)));
      }
    }
  }
}
