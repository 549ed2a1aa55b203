package io.vectorstream.search;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.Direction;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.store.EventPoints;
import io.vectorstream.store.VectorStore;
import java.util.List;

/** Finds stored events, the newest first. */
public final class EventSearch {

  private final VectorStore store;

  public EventSearch(VectorStore store) {
    this.store = store;
  }

  /** The events with the latest timestamps. */
  public List<ShopEvent> newest(int limit) {
    return newest(Filter.getDefaultInstance(), limit);
  }

  /** The latest events about a product. */
  public List<ShopEvent> ofProduct(String productId, int limit) {
    return newest(
        Filter.newBuilder().addMust(ConditionFactory.matchKeyword("product.id", productId)).build(),
        limit);
  }

  private List<ShopEvent> newest(Filter filter, int limit) {
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().events())
            .setFilter(filter)
            .setOrderBy(OrderBy.newBuilder().setKey("timestamp").setDirection(Direction.Desc))
            .setLimit(limit)
            .setWithPayload(WithPayloadSelectorFactory.enable(true))
            .setWithVectors(WithVectorsSelectorFactory.enable(false))
            .build();
    return store.ask(client -> client.scrollAsync(request)).getResultList().stream()
        .map(point -> EventPoints.event(point.getPayloadMap()))
        .toList();
  }
}
