package io.vectorstream.shop;

/**
 * One product of a catalogue file.
 *
 * @param line where it begins in the file, from 1
 */
public record CatalogRow(long line, Product product) {
  public String id() {
    return product.id();
  }
}
