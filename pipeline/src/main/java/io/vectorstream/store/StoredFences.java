package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import java.util.List;

/**
 * The fences that stored sums carry. They are read once if there is no ledger: it was deleted, or
 * the collections are those of an earlier version, which had none.
 */
final class StoredFences {

  private static final int PAGE = 5_000;

  private StoredFences() {}

  /** Returns the highest epoch of any sum; 0 if none carries one. */
  static long highestEpoch(VectorStore store) {
    var names = store.collections();
    long highest = 0;
    for (String collection :
        List.of(names.products(), names.users(), names.activity(), names.pairs())) {
      highest = Math.max(highest, highest(store, collection));
    }
    return new Fence(highest).epoch();
  }

  private static long highest(VectorStore store, String collection) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of(Fence.FIELD)))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    long highest = 0;
    for (ScrollPages pages = new ScrollPages(store, request); pages.hasNext(); ) {
      for (RetrievedPoint point : pages.next()) {
        long number = Fence.of(point.getPayloadMap());
        if (number != Fence.FOR_EVER.number()) {
          highest = Math.max(highest, number);
        }
      }
    }
    return highest;
  }
}
