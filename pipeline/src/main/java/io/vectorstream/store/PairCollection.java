package io.vectorstream.store;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.merge.Engagement;
import io.vectorstream.merge.PairSums;
import io.vectorstream.merge.ProductPairs;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * The pairs of products that the same users turn to, one point a product: the ids of its partners
 * and, for each {@link Engagement}, a field with one sum a partner and then the sum of the partners
 * that were left out. Each field is one text, as a product has many partners.
 */
public final class PairCollection {

  /** The field with the ids of a product's partners. */
  private static final String PARTNERS = "partners";

  private static final String PRODUCT_ID = "product_id";
  private static final String AT = "at";

  private final VectorStore store;
  private final String collection;

  public PairCollection(VectorStore store) {
    this.store = store;
    this.collection = store.collections().pairs();
  }

  /** Returns the collection, over the connection for the work of batches. */
  public static PairCollection shared(Settings.Qdrant settings) {
    return new PairCollection(VectorStore.shared(settings));
  }

  /** Returns the pairs of these products, by product; one without pairs is not in the map. */
  public Map<String, ProductPairs> pairs(List<String> productIds) {
    return pairs(productIds, Fence.READER);
  }

  /**
   * Returns the same, for a writer that is going to change them.
   *
   * @throws FencedException if a later writer has written one of them
   */
  public Map<String, ProductPairs> pairs(List<String> productIds, Fence fence) {
    Map<String, ProductPairs> pairs = new HashMap<>();
    for (RetrievedPoint point :
        store.await(
            store.retrieve(
                collection,
                productIds.stream().map(PointIds::point).toList(),
                WithPayloadSelectorFactory.enable(true),
                WithVectorsSelectorFactory.enable(false)))) {
      fence.requireAdmits(point.getPayloadMap(), collection);
      ProductPairs one = pairs(point.getPayloadMap());
      pairs.put(one.productId(), one);
    }
    return pairs;
  }

  /**
   * Writes pairs and waits until they are acknowledged. What a later writer has written stays as it
   * is.
   */
  public void store(List<ProductPairs> pairs, Fence fence) {
    store.upsert(
        UpsertPoints.newBuilder()
            .setCollectionName(collection)
            .setUpdateFilter(fence.admits())
            .addAllPoints(pairs.stream().map(one -> point(one, fence)).toList()));
  }

  private static PointStruct point(ProductPairs pairs, Fence fence) {
    List<String> partners = pairs.partners().keySet().stream().sorted().toList();
    PointStruct.Builder point =
        PointStruct.newBuilder()
            .setId(PointIds.point(pairs.productId()))
            .setVectors(PointVectors.of((float[]) null))
            .putPayload(PRODUCT_ID, Payload.text(pairs.productId()))
            .putPayload(PARTNERS, Payload.texts(partners))
            .putPayload(AT, Payload.text(Times.iso(pairs.atMicros())))
            .putPayload(Field.BATCH, Payload.text(pairs.batch()))
            .putPayload(Fence.FIELD, fence.value());
    for (Engagement engagement : Engagement.values()) {
      point.putPayload(
          engagement.json(),
          Payload.numbers(
              DoubleStream.concat(
                      partners.stream().mapToDouble(id -> pairs.partners().get(id).of(engagement)),
                      DoubleStream.of(pairs.rest().of(engagement)))
                  .toArray()));
    }
    return point.build();
  }

  private static ProductPairs pairs(Map<String, Value> payload) {
    long atMicros = Times.micros(payload.get(AT).getStringValue());
    double[][] sums = new double[Engagement.values().length][];
    for (Engagement engagement : Engagement.values()) {
      sums[engagement.ordinal()] = Payload.asNumbers(payload.get(engagement.json()));
    }
    List<String> ids = Payload.asTexts(payload.get(PARTNERS));
    Map<String, PairSums> partners = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      partners.put(ids.get(i), sums(sums, i, atMicros));
    }
    return new ProductPairs(
        payload.get(PRODUCT_ID).getStringValue(),
        partners,
        sums(sums, ids.size(), atMicros),
        payload.get(Field.BATCH).getStringValue());
  }

  private static PairSums sums(double[][] all, int index, long atMicros) {
    return new PairSums(Arrays.stream(all).mapToDouble(one -> one[index]).toArray(), atMicros);
  }
}
