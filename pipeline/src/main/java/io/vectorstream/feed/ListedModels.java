package io.vectorstream.feed;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.migration.Side;
import io.vectorstream.migration.Sides;
import io.vectorstream.store.Fence;
import io.vectorstream.store.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The products of each model that has vectors, as the products topic changes them. */
final class ListedModels {

  private final Sides sides;
  private final Runnable onPending;

  /** By model and by what its collection may lack. */
  private final Map<Key, ListedProducts> products = new HashMap<>();

  /** As of the last records or count; null before. */
  private volatile ListedProducts inUse;

  private record Key(String products, String originals) {}

  /**
   * @param onPending called when there are texts to embed
   */
  ListedModels(Sides sides, Runnable onPending) {
    this.sides = sides;
    this.onPending = onPending;
  }

  /**
   * Applies records to the products of each model, those in use last.
   *
   * @param refused receives the records that the store refuses for what is in them
   * @return whether any product in use was changed
   */
  boolean apply(
      List<ProductRecord> records,
      String topicId,
      Fence fence,
      BiConsumer<ProductRecord, StoreException> refused) {
    List<Side> models = sides.written();
    Side last = models.get(models.size() - 1);
    // What one of them is refused, the one in use is, too.
    models
        .subList(0, models.size() - 1)
        .forEach(side -> of(side, last).apply(records, topicId, fence, (record, refusal) -> {}));
    inUse = of(last, last);
    return inUse.apply(records, topicId, fence, refused);
  }

  private ListedProducts of(Side side, Side whole) {
    Settings originals = side.partial() ? whole.settings() : null;
    return products.computeIfAbsent(
        new Key(side.products(), originals == null ? "" : whole.products()),
        key -> new ListedProducts(side, originals, onPending));
  }

  /** Counts what is hidden and retired of those in use. */
  void count() {
    if (inUse == null) {
      List<Side> models = sides.written();
      Side last = models.get(models.size() - 1);
      inUse = of(last, last);
    }
    inUse.count();
  }

  /**
   * Returns those in use, as of the last records or count; empty before. Called by any thread, and
   * asks nobody.
   */
  Optional<ListedProducts> inUse() {
    return Optional.ofNullable(inUse);
  }
}
