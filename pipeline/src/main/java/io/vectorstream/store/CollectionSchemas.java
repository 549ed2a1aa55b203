package io.vectorstream.store;

import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.PayloadSchemaInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.QuantizationConfig;
import io.qdrant.client.grpc.Collections.QuantizationType;
import io.qdrant.client.grpc.Collections.ScalarQuantization;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.vectorstream.config.Layout;
import io.vectorstream.config.Replication;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.ModelIdentity;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The collections and payload indexes that the pipeline needs. Missing ones are created, existing
 * ones are checked. All of it may be repeated, also after a failure halfway: what is as it should
 * be is kept, and every field that is filtered by gets its index, in a collection of an older
 * version too.
 */
public final class CollectionSchemas {

  /**
   * A separate deadline for creating a collection or an index: while a node of a cluster is away,
   * the others wait for it several times, 10 s each, before they answer.
   */
  static final Duration MAKING = Duration.ofMinutes(2);

  /** The quantized vectors stay in memory also where the vectors themselves do not. */
  private static final QuantizationConfig INT8 =
      QuantizationConfig.newBuilder()
          .setScalar(
              ScalarQuantization.newBuilder().setType(QuantizationType.Int8).setAlwaysRam(true))
          .build();

  private static final PayloadSchemaInfo NO_INDEX = PayloadSchemaInfo.getDefaultInstance();
  private static final Map<String, PayloadSchemaType> PRODUCT_INDEXES =
      Map.of(
          Field.PRODUCT_ID,
          PayloadSchemaType.Keyword,
          Field.PRODUCT_PRICE,
          PayloadSchemaType.Float,
          Field.CATEGORIES,
          PayloadSchemaType.Keyword,
          Field.MODEL,
          PayloadSchemaType.Keyword,
          ProductPoints.TREND,
          PayloadSchemaType.Float,
          ProductPoints.PENDING,
          PayloadSchemaType.Bool,
          Field.LISTING,
          PayloadSchemaType.Keyword,
          Fence.FIELD,
          PayloadSchemaType.Integer);
  private static final Map<String, PayloadSchemaType> EVENT_INDEXES =
      Map.of(
          Field.USER_ID, PayloadSchemaType.Keyword,
          Field.PRODUCT_ID, PayloadSchemaType.Keyword,
          Field.EVENT_TYPE, PayloadSchemaType.Keyword,
          Field.TIMESTAMP, PayloadSchemaType.Datetime,
          // Only events from the future have it; see EventQueries.
          Field.COUNTED_AT, PayloadSchemaType.Datetime);
  private static final Map<String, PayloadSchemaType> USER_INDEXES =
      Map.of(
          Field.USER_ID,
          PayloadSchemaType.Keyword,
          UserPoints.PENDING_PRODUCTS,
          PayloadSchemaType.Keyword,
          UserPoints.QUERIES_PENDING,
          PayloadSchemaType.Bool,
          UserPoints.FORGOTTEN,
          PayloadSchemaType.Bool,
          Field.MODEL,
          PayloadSchemaType.Keyword);

  private final VectorStore store;
  private final int dimension;
  private final StoredModel model;

  /**
   * @param dimension floats in an embedding
   * @param model that makes them
   */
  public CollectionSchemas(VectorStore store, int dimension, ModelIdentity model) {
    this.store = store;
    this.dimension = dimension;
    this.model = new StoredModel(store, model);
  }

  /**
   * Creates or checks all collections.
   *
   * @param eventVectors whether each event carries an embedding
   * @param nothingReadYet whether a missing collection is a new one; otherwise it existed before,
   *     and an empty one in its place would hide that its points are lost
   * @throws StoreException if a collection has another vector size, distance or model, or is gone,
   *     or has words where the settings say it has none; nothing is changed then
   */
  public void ensure(boolean eventVectors, boolean nothingReadYet) {
    Settings.Collections names = store.collections();
    if (!nothingReadYet) {
      Stream.of(names.products(), names.events(), names.users(), names.activity())
          .forEach(this::requireExisting);
    }
    // Earlier versions did not create these collections.
    ensure(names.state(), false, false, Map.of());
    ensure(names.pairs(), false, false, Map.of());
    ensure(names.products(), true, true, PRODUCT_INDEXES);
    ensure(names.events(), eventVectors, true, EVENT_INDEXES);
    // A user's vector is looked up by id, never searched for, so it needs no graph.
    ensure(names.users(), true, false, USER_INDEXES);
    ensure(names.activity(), false, false, Map.of());
    model.requireEverywhere();
  }

  /**
   * Creates or checks the collection of products, and leaves the others alone: if they are gone,
   * the pipeline that has written to them should notice.
   *
   * @throws StoreException as {@link #ensure}
   */
  public void ensureProducts() {
    String products = store.collections().products();
    ensure(products, true, true, PRODUCT_INDEXES);
    model.requireProducts();
    fillWords(store);
  }

  /** Creates or checks the collections of products and users, which have a model's vectors. */
  public void ensureModel() {
    Settings.Collections names = store.collections();
    ensure(names.products(), true, true, PRODUCT_INDEXES);
    ensure(names.users(), true, false, USER_INDEXES);
    model.requireEverywhere();
    fillWords(store);
  }

  /**
   * Gives the products of a connection's collection their words, if the settings ask for it; to be
   * called when no other pipeline writes any more. Adds the vector where it is missing, as in the
   * collections of another model.
   *
   * @throws StoreException as {@link #ensure}
   */
  public static void ensureWords(VectorStore store) {
    String products = store.collections().products();
    new WordsSchema(store)
        .check(
            store
                .ask(client -> client.getCollectionInfoAsync(products))
                .getConfig()
                .getParams()
                .getSparseVectorsConfig());
    fillWords(store);
  }

  private static void fillWords(VectorStore store) {
    if (store.isHybrid()) {
      new MissingWords(store).fill();
    }
  }

  private void requireExisting(String collection) {
    if (!store.exists(collection)) {
      throw new StoreException(
          "collection '%s' at %s is gone, but the checkpoint (stream.checkpoint) says that events were read into it; restore the collection, or delete the checkpoint and all collections to read everything again"
              .formatted(collection, store.address()));
    }
  }

  private void ensure(
      String collection,
      boolean vectors,
      boolean searched,
      Map<String, PayloadSchemaType> indexes) {
    if (!store.exists(collection)) {
      create(collection, vectors, searched);
    }
    CollectionInfo info = store.ask(client -> client.getCollectionInfoAsync(collection));
    check(collection, vectors, info.getConfig().getParams().getVectorsConfig());
    if (collection.equals(store.collections().products())) {
      new WordsSchema(store).check(info.getConfig().getParams().getSparseVectorsConfig());
    }
    new CollectionPromises(store, collection, info.getConfig()).check();
    indexes.forEach(
        (field, type) -> {
          // An index of another type would not help; Qdrant replaces it with the new one.
          if (info.getPayloadSchemaOrDefault(field, NO_INDEX).getDataType() != type) {
            store.ask(
                client ->
                    client.createPayloadIndexAsync(
                        collection, field, type, null, true, null, MAKING));
          }
        });
  }

  private void create(String collection, boolean vectors, boolean searched) {
    Layout layout = store.layout();
    CreateCollection.Builder create =
        CreateCollection.newBuilder()
            .setCollectionName(collection)
            .setOnDiskPayload(layout.onDiskPayload())
            .setVectorsConfig(
                vectors
                    ? VectorsConfig.newBuilder()
                        .setParams(
                            VectorParams.newBuilder()
                                .setSize(dimension)
                                .setDistance(Distance.Cosine)
                                .setOnDisk(layout.onDiskVectors()))
                    : VectorsConfig.newBuilder()
                        .setParamsMap(VectorParamsMap.getDefaultInstance()));
    if (store.isHybrid() && collection.equals(store.collections().products())) {
      create.setSparseVectorsConfig(WordsSchema.CONFIG);
    }
    int shards = store.shards(collection);
    if (shards > 0) {
      create.setShardNumber(shards);
    }
    Replication copies = store.replication();
    if (copies.replicationFactor() > 0) {
      create.setReplicationFactor(copies.replicationFactor());
    }
    if (copies.writeConsistencyFactor() > 0) {
      create.setWriteConsistencyFactor(copies.writeConsistencyFactor());
    }
    if (searched && vectors) {
      create.setHnswConfig(
          HnswConfigDiff.newBuilder()
              .setM(layout.hnswM())
              .setEfConstruct(layout.hnswEfConstruct()));
      if (layout.quantization() == Layout.Quantization.INT8) {
        create.setQuantizationConfig(INT8);
      }
    } else {
      // Without a graph to build, nothing is to be gained by moving points to other segments.
      create
          .setHnswConfig(HnswConfigDiff.newBuilder().setM(0))
          .setOptimizersConfig(OptimizersConfigDiff.newBuilder().setIndexingThreshold(0));
    }
    try {
      store.ask(client -> client.createCollectionAsync(create.build(), MAKING));
    } catch (StoreException e) {
      // An earlier call without an answer, or another process, has created it. It is checked, too.
      if (!e.isAlreadyThere()) {
        throw e;
      }
    }
  }

  private void check(String collection, boolean vectors, VectorsConfig config) {
    String where = "collection '%s' at %s ".formatted(collection, store.address());
    String wayOut = "; name another one (qdrant.collections) or delete it";
    boolean single = config.getConfigCase() == VectorsConfig.ConfigCase.PARAMS;
    if (!vectors) {
      if (single || config.getParamsMap().getMapCount() > 0) {
        throw new StoreException(
            where + "has vectors, but is for points without any (events.vectors: false)" + wayOut);
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
