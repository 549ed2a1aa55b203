package io.vectorstream.catalog;

import io.vectorstream.event.ShopEvent;

/**
 * One product of a catalogue file.
 *
 * @param line of its beginning in the file, from 1
 */
record CatalogRow(long line, ShopEvent.Product product) {
  String id() {
    return product.id();
  }
}
