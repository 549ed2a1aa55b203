package io.vectorstream.shop;

import java.io.IOException;

/**
 * A row, or what the rows of one product are together.
 *
 * @param line where it begins in the file, from 1
 * @param fields by what they are of a product
 */
record CatalogItem(long line, RowFields fields) {

  /** The items of a file in their order. */
  interface Items {
    /** Returns the next one that can be read; null at the end. */
    CatalogItem next() throws IOException;
  }
}
