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
 * The products that a user knows and is not recommended: those bought, or all that the user has
 * done anything with, from the stored events. The list is never read as a whole, because it only
 * grows: the store is asked which of some products are known. All fields that the query filters by
 * have an index, and only the products' ids come back.
 */
public final class KnownProducts {

  /** The number of products in one call, and the most events in its answer. */
  private static final int PAGE = 500;

  /** The products that nobody knows: none. */
  public static final KnownProducts NONE = new KnownProducts("", null, false, Set.of());

  private final String userId;
  private final VectorStore store;
  private final boolean boughtAlone;
  private final Set<String> others;

  private KnownProducts(String userId, VectorStore store, boolean boughtAlone, Set<String> others) {
    this.userId = userId;
    this.store = store;
    this.boughtAlone = boughtAlone;
    this.others = others;
  }

  /** Returns the products that a user has bought. */
  public static KnownProducts boughtBy(String userId, VectorStore store) {
    return new KnownProducts(userId, store, true, Set.of());
  }

  /** Returns the products of all events of a user. */
  public static KnownProducts seenBy(String userId, VectorStore store) {
    return new KnownProducts(userId, store, false, Set.of());
  }

  /** Returns the same and these products, whose events may not be stored yet. */
  public KnownProducts and(Set<String> products) {
    return new KnownProducts(userId, store, boughtAlone, products);
  }

  /** Returns the ids of those of these products that the user knows. */
  Set<String> among(Collection<String> products) {
    Set<String> known = new HashSet<>(others);
    if (store != null) {
      for (List<String> some : Lists.partition(List.copyOf(products), PAGE)) {
        addKnown(some, known);
      }
    }
    return known;
  }

  private void addKnown(List<String> products, Set<String> known) {
    List<String> left = products;
    int found;
    do {
      ScrollPoints request = eventsAbout(left);
      List<RetrievedPoint> events =
          store.ask(client -> client.scrollAsync(request)).getResultList();
      events.stream().map(event -> Payload.productId(event.getPayloadMap())).forEach(known::add);
      found = events.size();
      // There may be many events about a product: it is not asked about again.
      left = left.stream().filter(product -> !known.contains(product)).toList();
    } while (found == PAGE && !left.isEmpty());
  }

  private ScrollPoints eventsAbout(List<String> products) {
    Filter.Builder conditions =
        Filter.newBuilder()
            .addMust(matchKeyword(Field.USER_ID, userId))
            .addMust(matchKeywords(Field.PRODUCT_ID, products));
    if (boughtAlone) {
      conditions.addMust(matchKeyword(Field.EVENT_TYPE, EventType.PURCHASE.json()));
    }
    return ScrollPoints.newBuilder()
        .setCollectionName(store.collections().events())
        .setFilter(conditions)
        .setLimit(PAGE)
        .setWithPayload(WithPayloadSelectorFactory.include(List.of(Field.PRODUCT_ID)))
        .setWithVectors(WithVectorsSelectorFactory.enable(false))
        .build();
  }
}
