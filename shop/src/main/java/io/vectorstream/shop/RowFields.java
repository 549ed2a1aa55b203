package io.vectorstream.shop;

/** The fields of a row by name; null where the row does not have one. */
interface RowFields {
  String text(String name) throws WrongRowException;

  /** Returns a field that is a number, and has no decimal mark; null where it is a text. */
  default Double number(String name) throws WrongRowException {
    return null;
  }
}
