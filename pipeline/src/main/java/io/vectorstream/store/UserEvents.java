package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import java.util.List;
import java.util.function.Consumer;

/** All stored events of some users, in no order. */
public final class UserEvents {

  private static final int PAGE = 1_000;

  private final VectorStore store;

  /** Uses the connection that all batches of this JVM share. */
  public UserEvents(Settings.Qdrant settings) {
    this.store = VectorStore.shared(settings);
  }

  /** Passes the events of these users to the action, one after another. */
  public void forEach(List<String> userIds, Consumer<ShopEvent> action) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(store.collections().events())
            .setFilter(
                Filter.newBuilder().addMust(ConditionFactory.matchKeywords(Field.USER_ID, userIds)))
            .setLimit(PAGE)
            .setWithPayload(WithPayloadSelectorFactory.enable(true))
            .setWithVectors(WithVectorsSelectorFactory.enable(false));
    new ScrollPages(store, request)
        .forEachRemaining(
            page ->
                page.forEach(point -> action.accept(EventPayload.event(point.getPayloadMap()))));
  }
}
