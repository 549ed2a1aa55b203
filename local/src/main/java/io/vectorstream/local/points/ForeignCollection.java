package io.vectorstream.local.points;

import com.google.common.collect.Lists;
import io.qdrant.client.ConditionFactory;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.QueryFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.SearchParams;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.vectorstream.store.PointVectors;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** A collection of any program, of which only its name and its place are known. */
public final class ForeignCollection {
  private static final int PAGE = 2000;
  private static final int IDS_A_CALL = 100;
  private static final Duration MAKING = Duration.ofMinutes(1);

  private final VectorStore store;
  private final String name;

  /**
   * @param store stays open
   */
  public ForeignCollection(VectorStore store, String name) {
    this.store = store;
    this.name = name;
  }

  /**
   * Makes the collection.
   *
   * @param dimension of its points' vectors, compared by cosine; 0 for points without vectors
   * @param keywords payload fields with an index
   */
  public void create(int dimension, List<String> keywords) {
    VectorsConfig.Builder vectors = VectorsConfig.newBuilder();
    if (dimension > 0) {
      vectors.setParams(VectorParams.newBuilder().setSize(dimension).setDistance(Distance.Cosine));
    } else {
      vectors.setParamsMap(VectorParamsMap.getDefaultInstance());
    }
    CreateCollection create =
        CreateCollection.newBuilder().setCollectionName(name).setVectorsConfig(vectors).build();
    store.ask(client -> client.createCollectionAsync(create, MAKING));
    for (String field : keywords) {
      store.ask(
          client ->
              client.createPayloadIndexAsync(
                  name, field, PayloadSchemaType.Keyword, null, true, null, MAKING));
    }
  }

  /** Writes points, and waits until they are stored. */
  public void write(List<WrittenPoint> points) {
    UpsertPoints request =
        UpsertPoints.newBuilder()
            .setCollectionName(name)
            .setWait(true)
            .addAllPoints(points.stream().map(WrittenPoint::struct).toList())
            .build();
    store.ask(client -> client.upsertAsync(request));
  }

  /** Returns the exact number of points; 0 while there is no such collection. */
  public long count() {
    return store.exists(name) ? store.ask(client -> client.countAsync(name, null, true)) : 0;
  }

  /** Returns those of these UUIDs that are the id of a point. */
  public Set<String> pointsAmong(Collection<String> ids) {
    Set<String> found = new HashSet<>();
    for (List<String> some : Lists.partition(List.copyOf(ids), IDS_A_CALL)) {
      List<PointId> points =
          some.stream().map(id -> PointIdFactory.id(UUID.fromString(id))).toList();
      store
          .ask(
              client ->
                  client.retrieveAsync(
                      name,
                      points,
                      WithPayloadSelectorFactory.enable(false),
                      WithVectorsSelectorFactory.enable(false),
                      null))
          .forEach(point -> found.add(point.getId().getUuid()));
    }
    return found;
  }

  /** Returns those of these texts that a point has in a payload field. */
  public Set<String> valuesAmong(String field, Collection<String> values) {
    Set<String> found = new HashSet<>();
    for (List<String> some : Lists.partition(List.copyOf(values), IDS_A_CALL)) {
      Filter anyOfThem =
          Filter.newBuilder().addMust(ConditionFactory.matchKeywords(field, some)).build();
      scroll(
          ScrollPoints.newBuilder().setFilter(anyOfThem),
          List.of(field),
          point -> point.text(field).ifPresent(found::add));
    }
    return found;
  }

  /** Reads some payload fields of all points. */
  public void read(Collection<String> fields, Consumer<Point> reader) {
    if (store.exists(name)) {
      scroll(ScrollPoints.newBuilder(), fields, reader);
    }
  }

  private void scroll(
      ScrollPoints.Builder request, Collection<String> fields, Consumer<Point> reader) {
    request
        .setCollectionName(name)
        .setLimit(PAGE)
        .setWithPayload(WithPayloadSelectorFactory.include(List.copyOf(fields)))
        .setWithVectors(WithVectorsSelectorFactory.enable(false));
    ScrollResponse page;
    do {
      page = store.ask(client -> client.scrollAsync(request.build()));
      page.getResultList()
          .forEach(
              point -> reader.accept(new Point(text(point.getId()), point.getPayloadMap(), null)));
      request.setOffset(page.getNextPageOffset());
    } while (page.hasNextPageOffset());
  }

  /** Returns the vectors of some points; those without one are left out. */
  public List<float[]> vectors(int most) {
    if (!store.exists(name)) {
      return List.of();
    }
    ScrollPoints request =
        ScrollPoints.newBuilder()
            .setCollectionName(name)
            .setLimit(most)
            .setWithPayload(WithPayloadSelectorFactory.enable(false))
            .setWithVectors(WithVectorsSelectorFactory.enable(true))
            .build();
    return store.ask(client -> client.scrollAsync(request)).getResultList().stream()
        .map(PointVectors::of)
        .filter(vector -> vector != null)
        .toList();
  }

  /**
   * Returns the ids of the points nearest to a vector, with their scores.
   *
   * @param exact whether it is compared with every point
   */
  public Map<String, Float> nearest(float[] vector, int limit, boolean exact) {
    QueryPoints query =
        QueryPoints.newBuilder()
            .setCollectionName(name)
            .setQuery(QueryFactory.nearest(vector))
            .setLimit(limit)
            .setParams(SearchParams.newBuilder().setExact(exact))
            .build();
    Map<String, Float> nearest = new LinkedHashMap<>();
    store
        .ask(client -> client.queryAsync(query))
        .forEach(point -> nearest.put(text(point.getId()), point.getScore()));
    return nearest;
  }

  private static String text(PointId id) {
    return id.hasUuid() ? id.getUuid() : Long.toUnsignedString(id.getNum());
  }
}
