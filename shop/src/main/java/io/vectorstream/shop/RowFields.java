package io.vectorstream.shop;

/** The fields of a row by name; null where the row does not have one. */
interface RowFields {
  String text(String name) throws WrongRowException;
}
