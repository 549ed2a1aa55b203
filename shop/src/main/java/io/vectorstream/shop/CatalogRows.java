package io.vectorstream.shop;

import java.io.Closeable;
import java.io.IOException;

/** The rows of a file of one form, before anything is known of their columns' meaning. */
interface CatalogRows extends Closeable {
  /**
   * Returns the fields of the next row by the file's own names, normalised by {@link
   * ColumnNames#normal}; null at the end.
   *
   * @throws WrongRowException if the row cannot be read; the next call returns the one behind it
   */
  RowFields next() throws IOException, WrongRowException;

  /** Returns where the last row begins, from 1. */
  long line();
}
