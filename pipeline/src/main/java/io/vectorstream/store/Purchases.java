package io.vectorstream.store;

import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.matchKeywords;

import com.google.common.collect.Lists;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.shop.EventType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The products that a user has bought, from the stored events. The list is never read as a whole,
 * because it only grows: the store is asked which of some products were bought. All fields that the
 * query filters by have an index, and only the products' ids come back.
 */
public final class Purchases {

  /** The number of products in one call, and the most events in its answer. */
  private static final int PAGE = 500;

  /** The purchases of no user: nothing was bought. */
  public static final Purchases NONE = new Purchases("", null, Set.of());

  private final String userId;
  private final VectorStore store;
  private final Set<String> others;

  private Purchases(String userId, VectorStore store, Set<String> others) {
    this.userId = userId;
    this.store = store;
    this.others = others;
  }

  public static Purchases of(String userId, VectorStore store) {
    return new Purchases(userId, store, Set.of());
  }

  /** Returns the same and these products, whose purchases may not be stored yet. */
  public Purchases and(Set<String> products) {
    return new Purchases(userId, store, products);
  }

  /** Returns the ids of those of these products that the user has bought. */
  Set<String> among(Collection<String> products) {
    Set<String> bought = new HashSet<>(others);
    if (store != null) {
      for (List<String> some : Lists.partition(List.copyOf(products), PAGE)) {
        addBought(some, bought);
      }
    }
    return bought;
  }

  private void addBought(List<String> products, Set<String> bought) {
    List<String> left = products;
    int found;
    do {
      ScrollPoints request = purchases(left);
      List<RetrievedPoint> events =
          store.ask(client -> client.scrollAsync(request)).getResultList();
      events.stream().map(Purchases::productId).forEach(bought::add);
      found = events.size();
      // A user may have bought a product many times: it is not asked about again.
      left = left.stream().filter(product -> !bought.contains(product)).toList();
    } while (found == PAGE && !left.isEmpty());
  }

  private ScrollPoints purchases(List<String> products) {
    return ScrollPoints.newBuilder()
        .setCollectionName(store.collections().events())
        .setFilter(
            Filter.newBuilder()
                .addMust(matchKeyword(Field.USER_ID, userId))
                .addMust(matchKeyword(Field.EVENT_TYPE, EventType.PURCHASE.json()))
                .addMust(matchKeywords(Field.PRODUCT_ID, products)))
        .setLimit(PAGE)
        .setWithPayload(WithPayloadSelectorFactory.include(List.of(Field.PRODUCT_ID)))
        .setWithVectors(WithVectorsSelectorFactory.enable(false))
        .build();
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
