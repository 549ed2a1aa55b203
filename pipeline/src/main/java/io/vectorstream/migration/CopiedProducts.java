package io.vectorstream.migration;

import io.vectorstream.merge.ProductState;
import java.util.HashMap;
import java.util.Map;

/** The states of products in collections that may lack what was stored before the migration. */
public final class CopiedProducts {

  private CopiedProducts() {}

  /**
   * Returns the products that a new model's collection lacks, or has of another time, as they are
   * stored for the model in use.
   *
   * @param copies the states in the new collection, by id
   * @param originals the states in the collection in use, by id
   * @param batch the mark of the batch at hand: what carries it was changed a moment ago; empty for
   *     none
   * @param model the new model
   */
  public static Map<String, ProductState> lacking(
      Map<String, ProductState> copies,
      Map<String, ProductState> originals,
      String batch,
      String model) {
    Map<String, ProductState> lacking = new HashMap<>();
    originals.forEach(
        (id, original) -> {
          ProductState copy = copies.get(id);
          boolean isThere =
              copy != null
                  && (copy.batch().equals(original.batch())
                      || !batch.isEmpty() && copy.batch().equals(batch));
          if (!isThere) {
            lacking.put(id, original.copiedFor(model, copy));
          }
        });
    return lacking;
  }
}
