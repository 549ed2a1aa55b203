package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointVectors.Builder;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.merge.ProductVersion;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The words of products that were stored before their collection had any. Each is written only if
 * the product still has the text that they were made of, which the server decides; who changes it
 * meanwhile writes its words, too.
 */
final class MissingWords {

  private static final Logger log = LoggerFactory.getLogger(MissingWords.class);

  /** Products in one call: each is an operation of its own. */
  private static final int AT_ONCE = 200;

  private static final Filter WITHOUT =
      Filter.newBuilder().addMustNot(ConditionFactory.hasVector(PointVectors.WORDS)).build();

  private final VectorStore store;
  private final String collection;

  MissingWords(VectorStore store) {
    this.store = store;
    this.collection = store.collections().products();
  }

  /** Writes the words of each product that has none; a second call finds nothing to do. */
  void fill() {
    long missing = store.ask(client -> client.countAsync(collection, WITHOUT, true));
    if (missing == 0) {
      return;
    }
    log.info("{} products of '{}' get their words", missing, collection);
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setFilter(WITHOUT)
            .setLimit(AT_ONCE)
            .setWithPayload(
                WithPayloadSelectorFactory.include(
                    List.of(Field.PRODUCT, Field.TEXT_HASH, Field.DESCRIBED_AT)));
    for (ScrollPages pages = new ScrollPages(store, request); pages.hasNext(); ) {
      PointUpdates.apply(store, collection, pages.next().stream().map(this::write).toList());
    }
  }

  private PointsUpdateOperation write(RetrievedPoint point) {
    ProductVersion version = ProductPoints.version(point.getPayloadMap());
    Builder words =
        io.qdrant.client.grpc.Points.PointVectors.newBuilder()
            .setId(point.getId())
            .setVectors(PointVectors.of(null, store.words(version.product())));
    return PointsUpdateOperation.newBuilder()
        .setUpdateVectors(
            PointsUpdateOperation.UpdateVectors.newBuilder()
                .addPoints(words)
                .setUpdateFilter(
                    Filter.newBuilder()
                        .addMust(
                            ConditionFactory.matchKeyword(Field.TEXT_HASH, version.textHash()))))
        .build();
  }
}
