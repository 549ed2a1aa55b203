package io.vectorstream.store;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.shop.Product;
import io.vectorstream.words.WordVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stored products as a catalogue sees them: descriptions and embeddings, without the counts.
 *
 * <p>A pipeline may work on the same products: it reads a product, adds a batch to its counts and
 * writes the whole product back. No write of this class can remove a count:
 *
 * <ul>
 *   <li>{@link Write#isNew A new product} is inserted only if it is still absent, which the server
 *       decides. If the pipeline was first, its product stays; if the pipeline found none before
 *       and writes after, its product, counts and all, replaces one that has no counts.
 *   <li>For an existing product, only the vectors and the fields that describe it are set; the
 *       counts are not among them, whenever the pipeline writes them. If the pipeline has read the
 *       product before and writes it after, it restores the older description and the older vector;
 *       that is why {@code CatalogLoad} checks again what it has written.
 *   <li>A product that the products topic knows is left alone, which the server decides, too: the
 *       topic is newer than any catalogue.
 *   <li>A product's pending texts stay pending, because users' interests may wait for them.
 *   <li>The vector is set before the description: after a failure between the two, the product has
 *       the hash of the older text, and the next load does both again. It is set once more after
 *       the description: the pipeline may have written the older vector between the two. The words
 *       are set with it. Whatever the pipeline writes has the words of the description beside them.
 * </ul>
 */
public final class CatalogCollection {
  private static final List<String> FIELDS =
      List.of(
          Field.PRODUCT,
          Field.TEXT_HASH,
          Field.MODEL,
          Field.DESCRIBED_AT,
          Field.EMBEDDING_ERROR,
          Field.LISTING,
          ProductPoints.PENDING_TEXTS);

  /** The condition for products that the products topic does not know. */
  private static final Condition NOT_LISTED = ConditionFactory.isEmpty(Field.LISTING);

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*");

  private final VectorStore store;
  private final String collection;

  /**
   * @throws StoreException if the server is too old to insert a point only if it is absent: it
   *     would replace the point without an error
   */
  public CatalogCollection(VectorStore store) {
    this.store = store;
    this.collection = store.collections().products();
    String version = store.version();
    if (!canInsertOnly(version)) {
      throw new StoreException(
          "Qdrant at %s is version %s; a catalogue can be loaded from 1.16 on, which can insert a point only if it is absent"
              .formatted(store.address(), version));
    }
  }

  static boolean canInsertOnly(String version) {
    return isAtLeast(version, 16);
  }

  /** Returns whether a server's version, such as 1.18.0, is at least 1.{@code minor}. */
  static boolean isAtLeast(String version, int minor) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return false;
    }
    int major = Integer.parseInt(parts.group(1));
    return major > 1 || major == 1 && Integer.parseInt(parts.group(2)) >= minor;
  }

  /**
   * A product as it is stored.
   *
   * @param embedded whether it has a vector, and the vector is that of its text
   * @param listed whether the products topic knows it, so that a catalogue does not change it
   */
  public record StoredProduct(
      ProductVersion version, String model, boolean embedded, boolean listed) {}

  /** Returns whether any event is stored: without one, no pipeline works on the products. */
  public boolean haveEvents() {
    return store.exists(store.collections().events()) && store.countEvents() > 0;
  }

  /** Returns whether the server is done with its index: it builds no graph and moves no point. */
  public boolean isIndexed() {
    return store.ask(client -> client.getCollectionInfoAsync(collection)).getStatus()
        == CollectionStatus.Green;
  }

  /** Returns the products that are stored, by their ids. */
  public Map<String, StoredProduct> find(List<String> productIds) {
    Map<String, StoredProduct> found = new HashMap<>();
    if (productIds.isEmpty()) {
      return found;
    }
    List<RetrievedPoint> points =
        store.await(
            store.retrieve(
                collection,
                productIds.stream().map(PointIds::point).toList(),
                WithPayloadSelectorFactory.include(FIELDS),
                PointVectors.dense(store.isHybrid())));
    for (RetrievedPoint point : points) {
      Map<String, Value> payload = point.getPayloadMap();
      // A description from the future, from an earlier version, must not block the catalogue's.
      ProductVersion version =
          ProductPoints.version(payload).notFromTheFuture(System.currentTimeMillis() * 1000);
      boolean embedded =
          PointVectors.of(point) != null && !payload.containsKey(Field.EMBEDDING_ERROR);
      found.put(
          version.product().id(),
          new StoredProduct(
              version,
              payload.get(Field.MODEL).getStringValue(),
              embedded,
              payload.containsKey(Field.LISTING)));
    }
    return found;
  }

  /**
   * The new data of a product.
   *
   * @param isNew whether it was not stored when it was looked up
   * @param vector the embedding of its text; null if the stored one is right, or it waits
   * @param waits whether its text has to be embedded by the pipeline
   */
  public record Write(
      ProductVersion version, String model, boolean isNew, float[] vector, boolean waits) {

    public Write(ProductVersion version, String model, boolean isNew, float[] vector) {
      this(version, model, isNew, vector, false);
    }
  }

  /** Writes products, and waits until all are acknowledged. */
  public void store(List<Write> writes) {
    PointUpdates.apply(store, collection, operations(writes, store::words));
  }

  /**
   * @param words gives the words of a product's point, null for none
   */
  static List<PointsUpdateOperation> operations(
      List<Write> writes, Function<Product, WordVector> words) {
    List<PointsUpdateOperation> operations = new ArrayList<>();
    PointsUpdateOperation.PointStructList.Builder inserts =
        PointsUpdateOperation.PointStructList.newBuilder()
            // Changes only points that exist and are products.
            .setUpdateFilter(
                Filter.newBuilder().addMust(ConditionFactory.isEmpty(Field.PRODUCT_ID)).build());
    PointsUpdateOperation.UpdateVectors.Builder vectors =
        PointsUpdateOperation.UpdateVectors.newBuilder()
            .setUpdateFilter(Filter.newBuilder().addMust(NOT_LISTED).build());
    for (Write write : writes) {
      String id = write.version().product().id();
      WordVector own = words.apply(write.version().product());
      if (write.isNew()) {
        inserts.addPoints(
            PointStruct.newBuilder()
                .setId(PointIds.point(id))
                .setVectors(PointVectors.of(write.vector(), own))
                .putAllPayload(
                    ProductPoints.unseen(write.version(), write.model(), write.waits())));
      } else {
        if (write.vector() != null || own != null) {
          vectors.addPoints(
              io.qdrant.client.grpc.Points.PointVectors.newBuilder()
                  .setId(PointIds.point(id))
                  .setVectors(PointVectors.of(write.vector(), own)));
        }
        operations.add(describe(id, write));
      }
    }
    if (vectors.getPointsCount() > 0) {
      PointsUpdateOperation update =
          PointsUpdateOperation.newBuilder().setUpdateVectors(vectors).build();
      operations.add(0, update);
      operations.add(update);
    }
    List<String> embedded =
        writes.stream()
            .filter(write -> !write.isNew() && write.vector() != null)
            .map(write -> write.version().product().id())
            .toList();
    if (!embedded.isEmpty()) {
      operations.add(forgetErrors(embedded));
    }
    if (inserts.getPointsCount() > 0) {
      operations.add(PointsUpdateOperation.newBuilder().setUpsert(inserts).build());
    }
    return operations;
  }

  private static PointsUpdateOperation describe(String id, Write write) {
    return PointsUpdateOperation.newBuilder()
        .setSetPayload(
            PointsUpdateOperation.SetPayload.newBuilder()
                .putAllPayload(
                    ProductPoints.description(write.version(), write.model(), write.waits()))
                .setPointsSelector(
                    PointsSelector.newBuilder()
                        .setFilter(
                            Filter.newBuilder()
                                .addMust(ConditionFactory.hasId(PointIds.point(id)))
                                .addMust(NOT_LISTED))))
        .build();
  }

  private static PointsUpdateOperation forgetErrors(List<String> embedded) {
    return PointsUpdateOperation.newBuilder()
        .setDeletePayload(
            PointsUpdateOperation.DeletePayload.newBuilder()
                .addKeys(Field.EMBEDDING_ERROR)
                .setPointsSelector(PointUpdates.points(embedded)))
        .build();
  }
}
