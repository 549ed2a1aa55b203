package io.vectorstream.search;

import static io.qdrant.client.ConditionFactory.matchKeyword;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.vectorstream.event.EventType;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.VectorStore;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a user has bought, out of the stored events: all of it, page by page. Both fields that it
 * filters by have an index, and only the products' ids come back.
 */
final class Purchases {

  private static final int PAGE = 1000;

  private Purchases() {}

  /** The points of the products, each once. */
  static List<PointId> of(String userId, VectorStore store) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().events())
            .setFilter(
                Filter.newBuilder()
                    .addMust(matchKeyword("user_id", userId))
                    .addMust(matchKeyword("event_type", EventType.PURCHASE.json())))
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.include(List.of("product.id")))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    Set<String> products = new LinkedHashSet<>();
    ScrollResponse page;
    do {
      page = store.ask(client -> client.scrollAsync(request.build()));
      page.getResultList().stream().map(Purchases::productId).forEach(products::add);
      request.setOffset(page.getNextPageOffset());
    } while (page.hasNextPageOffset());
    return products.stream().map(PointIds::point).toList();
  }

  private static String productId(RetrievedPoint event) {
    return event
        .getPayloadMap()
        .get("product")
        .getStructValue()
        .getFieldsMap()
        .get("id")
        .getStringValue();
  }
}
