package io.vectorstream.store;

import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.vectorstream.config.Settings;
import java.util.Map;

/**
 * The collections and payload indexes that the pipeline needs: creates what is missing, checks what
 * is there.
 */
public final class CollectionSchemas {

  private static final Map<String, PayloadSchemaType> PRODUCT_INDEXES =
      Map.of(
          "product.id", PayloadSchemaType.Keyword,
          "product.price", PayloadSchemaType.Float,
          "categories", PayloadSchemaType.Keyword);
  private static final Map<String, PayloadSchemaType> EVENT_INDEXES =
      Map.of(
          "user_id", PayloadSchemaType.Keyword,
          "product.id", PayloadSchemaType.Keyword,
          "event_type", PayloadSchemaType.Keyword,
          "timestamp", PayloadSchemaType.Datetime);
  private static final Map<String, PayloadSchemaType> USER_INDEXES =
      Map.of("user_id", PayloadSchemaType.Keyword);

  private final VectorStore store;
  private final int dimension;

  /**
   * @param dimension floats in an embedding
   */
  public CollectionSchemas(VectorStore store, int dimension) {
    this.store = store;
    this.dimension = dimension;
  }

  /**
   * Makes sure that all three collections are as they must be.
   *
   * @param eventVectors whether each event carries an embedding
   * @throws StoreException if one is there with another vector size or distance; it is left as it
   *     is
   */
  public void ensure(boolean eventVectors) {
    Settings.Collections names = store.collections();
    ensure(names.products(), true, true, PRODUCT_INDEXES);
    ensure(names.events(), eventVectors, true, EVENT_INDEXES);
    // A user's vector is looked up by id, never searched for: building a graph over it would be
    // work for nothing.
    ensure(names.users(), true, false, USER_INDEXES);
  }

  private void ensure(
      String collection,
      boolean vectors,
      boolean searched,
      Map<String, PayloadSchemaType> indexes) {
    if (!store.await(store.client().collectionExistsAsync(collection))) {
      create(collection, vectors, searched);
    }
    CollectionInfo info = store.await(store.client().getCollectionInfoAsync(collection));
    check(collection, vectors, info.getConfig().getParams().getVectorsConfig());
    indexes.forEach(
        (field, type) -> {
          if (!info.containsPayloadSchema(field)) {
            store.await(
                store
                    .client()
                    .createPayloadIndexAsync(collection, field, type, null, true, null, null));
          }
        });
  }

  private void create(String collection, boolean vectors, boolean searched) {
    CreateCollection.Builder create =
        CreateCollection.newBuilder()
            .setCollectionName(collection)
            .setVectorsConfig(
                vectors
                    ? VectorsConfig.newBuilder()
                        .setParams(
                            VectorParams.newBuilder()
                                .setSize(dimension)
                                .setDistance(Distance.Cosine))
                    : VectorsConfig.newBuilder()
                        .setParamsMap(VectorParamsMap.getDefaultInstance()));
    if (!searched) {
      create.setHnswConfig(HnswConfigDiff.newBuilder().setM(0));
    }
    store.await(store.client().createCollectionAsync(create.build()));
  }

  private void check(String collection, boolean vectors, VectorsConfig config) {
    String where = "collection '%s' at %s ".formatted(collection, store.address());
    String wayOut = "; name another one (qdrant.collections) or delete it";
    boolean single = config.getConfigCase() == VectorsConfig.ConfigCase.PARAMS;
    if (!vectors) {
      if (single || config.getParamsMap().getMapCount() > 0) {
        throw new StoreException(where + "has vectors, but events.vectors is false" + wayOut);
      }
      return;
    }
    if (!single) {
      throw new StoreException(
          where + "must have one unnamed vector, but has none or named ones" + wayOut);
    }
    VectorParams params = config.getParams();
    if (params.getSize() != dimension) {
      throw new StoreException(
          "%sholds vectors of %d floats, but the embedding model makes %d%s"
              .formatted(where, params.getSize(), dimension, wayOut));
    }
    if (params.getDistance() != Distance.Cosine) {
      throw new StoreException(
          "%suses the distance %s, expected Cosine%s"
              .formatted(where, params.getDistance(), wayOut));
    }
  }
}
