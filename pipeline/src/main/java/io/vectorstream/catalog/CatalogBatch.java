package io.vectorstream.catalog;

import io.vectorstream.shop.CatalogRow;
import io.vectorstream.store.CatalogCollection.StoredProduct;
import java.util.List;
import java.util.Map;

/**
 * Products that are looked up, embedded and written together: of the file, which has each of them
 * once, or written by the load already and checked again.
 *
 * @param again whether they are checked again
 * @param stored the look-up, which is under way
 */
record CatalogBatch(
    List<CatalogRow> rows, boolean again, StoreCalls.Call<Map<String, StoredProduct>> stored) {

  /** Starts the look-up. */
  static CatalogBatch lookUp(List<CatalogRow> rows, boolean again, StoreCalls calls) {
    return new CatalogBatch(rows, again, calls.find(rows.stream().map(CatalogRow::id).toList()));
  }
}
