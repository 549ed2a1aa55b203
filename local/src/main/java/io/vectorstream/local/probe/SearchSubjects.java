package io.vectorstream.local.probe;

import io.vectorstream.shop.Product;
import java.util.List;

/**
 * What is searched about.
 *
 * @param products of the catalogue
 * @param users of the load
 * @param haveMadeUpVectors whether the products' vectors have nothing to do with their texts
 * @param seed the same one gives the same searches
 */
public record SearchSubjects(
    List<Product> products, int users, boolean haveMadeUpVectors, long seed) {

  /** Returns the id of one of the load's users. */
  static String user(int number) {
    return "user-%06d".formatted(number);
  }
}
