package io.vectorstream.local.store;

import static io.qdrant.client.ConditionFactory.hasVector;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.QueryFactory.fusion;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.QueryFactory.rrf;
import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.byIds;
import static io.vectorstream.local.store.StoreFixture.failure;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.ids;
import static io.vectorstream.local.store.StoreFixture.must;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.Modifier;
import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.CreateVectorNameRequest;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointVectors;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.PrefetchQuery;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.Rrf;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.SparseVector;
import io.qdrant.client.grpc.Points.SparseVectorCreationConfig;
import io.qdrant.client.grpc.Points.UpdateBatchPoints;
import io.qdrant.client.grpc.Points.Vector;
import io.qdrant.client.grpc.Points.VectorInput;
import io.qdrant.client.grpc.Points.Vectors;
import io.qdrant.client.grpc.Points.VectorsSelector;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sparse vectors beside a dense one, and the fusion of rankings. */
class SparseVectorsTest {

  @TempDir Path folder;
  private StoreFixture store;

  @BeforeEach
  void start() {
    store = new StoreFixture(folder);
    get(
        store.client.createCollectionAsync(
            CreateCollection.newBuilder()
                .setCollectionName("c")
                .setVectorsConfig(
                    VectorsConfig.newBuilder()
                        .setParams(VectorParams.newBuilder().setSize(2).setDistance(Distance.Dot)))
                .setSparseVectorsConfig(
                    SparseVectorConfig.newBuilder()
                        .putMap("plain", SparseVectorParams.getDefaultInstance())
                        .putMap(
                            "words",
                            SparseVectorParams.newBuilder().setModifier(Modifier.Idf).build()))
                .build()));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private static SparseVector sparse(Map<Integer, Float> values) {
    SparseVector.Builder vector = SparseVector.newBuilder();
    values.forEach((index, value) -> vector.addIndices(index).addValues(value));
    return vector.build();
  }

  private static Vectors words(Map<Integer, Float> values, float... dense) {
    NamedVectors.Builder named =
        NamedVectors.newBuilder()
            .putVectors("words", Vector.newBuilder().setSparse(sparse(values)).build());
    if (dense.length > 0) {
      DenseVector.Builder floats = DenseVector.newBuilder();
      for (float one : dense) {
        floats.addData(one);
      }
      named.putVectors("", Vector.newBuilder().setDense(floats).build());
    }
    return Vectors.newBuilder().setVectors(named).build();
  }

  private void put(long id, Map<Integer, Float> values, float... dense) {
    put(id, Map.of(), values, dense);
  }

  private void put(
      long id, Map<String, Value> payload, Map<Integer, Float> values, float... dense) {
    store.upsert(
        "c",
        PointStruct.newBuilder()
            .setId(id(id))
            .putAllPayload(payload)
            .setVectors(words(values, dense))
            .build());
  }

  private void updateVectors(Filter filter, long id, Vectors vectors) {
    apply(
        PointsUpdateOperation.newBuilder()
            .setUpdateVectors(
                PointsUpdateOperation.UpdateVectors.newBuilder()
                    .addPoints(PointVectors.newBuilder().setId(id(id)).setVectors(vectors))
                    .setUpdateFilter(filter))
            .build());
  }

  private void apply(PointsUpdateOperation operation) {
    get(
        store.client.batchUpdateAsync(
            UpdateBatchPoints.newBuilder()
                .setCollectionName("c")
                .setWait(true)
                .addOperations(operation)
                .build(),
            null));
  }

  private static Query query(Map<Integer, Float> values) {
    return nearest(VectorInput.newBuilder().setSparse(sparse(values)).build());
  }

  private List<ScoredPoint> search(Map<Integer, Float> values, int limit) {
    return get(
        store.client.queryAsync(
            QueryPoints.newBuilder()
                .setCollectionName("c")
                .setQuery(query(values))
                .setUsing("words")
                .setLimit(limit)
                .build()));
  }

  /** The inverse document frequency as Qdrant has it. */
  private static double idf(double n, double df) {
    return Math.log((n - df + 0.5) / (df + 0.5) + 1);
  }

  @Test
  void frequencies_follow_points_that_come_change_and_go() {
    put(1, Map.of(7, 2f));
    put(2, Map.of(7, 1f, -5, 3f));
    put(3, Map.of(9, 1f));
    assertScore(1, 7, 2 * idf(3, 2));
    assertScore(2, -5, 3 * idf(3, 1));

    put(4, Map.of(7, 1f));
    assertScore(1, 7, 2 * idf(4, 3));
    // Overwritten by other words, and by a point without words.
    put(2, Map.of(9, 1f));
    assertScore(1, 7, 2 * idf(4, 2));
    assertThat(search(Map.of(-5, 1f), 10)).isEmpty();
    store.upsert("c", point(3, Map.of(), 1, 0));
    assertScore(2, 9, idf(3, 1));
    // By an update of vectors alone, which leaves the dense one.
    put(5, Map.of(1, 1f), 1, 1);
    updateVectors(Filter.getDefaultInstance(), 5, words(Map.of(7, 1f)));
    assertScore(1, 7, 2 * idf(4, 3));
    assertThat(store.retrieve("c", 5).getVectors().getVectors().getVectorsMap())
        .containsOnlyKeys("", "words");
    // Deleted: the point, and its words alone.
    get(store.client.deleteAsync("c", List.of(id(5))));
    assertScore(1, 7, 2 * idf(3, 2));
    apply(
        PointsUpdateOperation.newBuilder()
            .setDeleteVectors(
                PointsUpdateOperation.DeleteVectors.newBuilder()
                    .setPointsSelector(byIds(4))
                    .setVectors(VectorsSelector.newBuilder().addNames("words")))
            .build());
    assertScore(1, 7, 2 * idf(2, 1));
    assertThat(store.count("c")).isEqualTo(4);
  }

  private void assertScore(long id, int index, double score) {
    assertThat(search(Map.of(index, 1f), 10))
        .filteredOn(point -> point.getId().getNum() == id)
        .singleElement()
        .satisfies(point -> assertThat((double) point.getScore()).isCloseTo(score, within(1e-5)));
  }

  @Test
  void a_search_finds_what_a_comparison_with_each_point_finds_also_after_a_restart() {
    Random random = new Random(11);
    Map<Long, Map<Integer, Float>> expected = new TreeMap<>();
    for (int i = 0; i < 600; i++) {
      long id = 1 + random.nextInt(200);
      if (random.nextInt(5) == 0) {
        get(store.client.deleteAsync("c", List.of(id(id))));
        expected.remove(id);
      } else {
        Map<Integer, Float> values = values(random, 1 + random.nextInt(12));
        put(id, values);
        expected.put(id, values);
      }
      if (i == 100) {
        // From here on the vectors are in memory, too.
        search(Map.of(1, 1f), 1);
      }
    }
    Map<Integer, Float> wanted = values(random, 5);
    assertFound(expected, wanted);
    store.close();
    store = new StoreFixture(folder);
    assertFound(expected, wanted);
  }

  private static Map<Integer, Float> values(Random random, int size) {
    Map<Integer, Float> values = new HashMap<>();
    while (values.size() < size) {
      values.put(random.nextInt(40) - 20, 0.1f + random.nextFloat());
    }
    return values;
  }

  private void assertFound(Map<Long, Map<Integer, Float>> points, Map<Integer, Float> wanted) {
    Map<Long, Double> scores = new HashMap<>();
    wanted.forEach(
        (index, weight) -> {
          long df = points.values().stream().filter(one -> one.containsKey(index)).count();
          points.forEach(
              (id, one) -> {
                if (one.containsKey(index)) {
                  double score = weight * idf(points.size(), df) * one.get(index);
                  scores.merge(id, score, Double::sum);
                }
              });
        });
    List<Long> best =
        scores.entrySet().stream()
            .sorted(Map.Entry.<Long, Double>comparingByValue(Comparator.reverseOrder()))
            .map(Map.Entry::getKey)
            .toList();
    List<ScoredPoint> found = search(wanted, 1000);
    assertThat(ids(found)).isEqualTo(best);
    found.forEach(
        point ->
            assertThat((double) point.getScore())
                .isCloseTo(scores.get(point.getId().getNum()), within(1e-4)));
  }

  @Test
  void without_the_modifier_a_score_is_the_dot_product() {
    store.upsert(
        "c",
        PointStruct.newBuilder()
            .setId(id(1))
            .setVectors(
                Vectors.newBuilder()
                    .setVectors(
                        NamedVectors.newBuilder()
                            .putVectors(
                                "plain",
                                Vector.newBuilder()
                                    .setSparse(sparse(Map.of(1, 2f, 2, 3f)))
                                    .build())))
            .build());
    List<ScoredPoint> found =
        get(
            store.client.queryAsync(
                QueryPoints.newBuilder()
                    .setCollectionName("c")
                    .setQuery(query(Map.of(1, 10f, 2, 1f, 3, 5f)))
                    .setUsing("plain")
                    .setWithVectors(WithVectorsSelectorFactory.include(List.of("plain")))
                    .build()));
    assertThat(found).singleElement().extracting(ScoredPoint::getScore).isEqualTo(23f);
    assertThat(found.get(0).getVectors().getVectors().getVectorsOrThrow("plain").getSparse())
        .isEqualTo(sparse(new TreeMap<>(Map.of(1, 2f, 2, 3f))));
  }

  private static PrefetchQuery.Builder ranking(Query query, String vectorName) {
    return PrefetchQuery.newBuilder().setQuery(query).setUsing(vectorName);
  }

  private void putFour() {
    put(1, Map.of("kind", value("a")), Map.of(1, 1f), 1, 0);
    put(2, Map.of("kind", value("b")), Map.of(1, 3f), 2, 0);
    put(3, Map.of("kind", value("a")), Map.of(1, 2f), 3, 0);
    put(4, Map.of("kind", value("a")), Map.of(2, 1f), 4, 0);
  }

  /** By the dense vector 4, 3, 2, 1; by words 2, 3, 1. */
  private static QueryPoints.Builder fused(Query how) {
    return QueryPoints.newBuilder()
        .setCollectionName("c")
        .addPrefetch(ranking(nearest(1, 0), ""))
        .addPrefetch(ranking(query(Map.of(1, 1f)), "words"))
        .setQuery(how);
  }

  private List<ScoredPoint> query(QueryPoints.Builder request) {
    return get(store.client.queryAsync(request.build()));
  }

  @Test
  void rankings_are_fused_by_reciprocal_rank() {
    putFour();
    List<ScoredPoint> found =
        query(fused(fusion(io.qdrant.client.grpc.Points.Fusion.RRF)).setLimit(10));
    assertThat(ids(found)).containsExactly(2L, 3L, 4L, 1L);
    assertThat(found)
        .extracting(ScoredPoint::getScore)
        .containsExactly(1 / 4f + 1 / 2f, 1 / 3f + 1 / 3f, 1 / 2f, 1 / 5f + 1 / 4f);
    assertThat(ids(query(fused(rrf(Rrf.newBuilder().build())).setLimit(2).setOffset(1))))
        .containsExactly(3L, 4L);
  }

  @Test
  void k_and_weights_change_what_a_rank_is_worth() {
    putFour();
    List<ScoredPoint> found =
        query(fused(rrf(Rrf.newBuilder().setK(60).addWeights(3).addWeights(1).build())));
    assertThat(found.get(0).getId().getNum()).isEqualTo(2);
    assertThat(found.get(0).getScore()).isCloseTo(1 / 60f + 1 / 60f, within(1e-6f));
    assertThat(found.get(1).getId().getNum()).isEqualTo(3);
    assertThat(found.get(1).getScore()).isCloseTo(1 / (2 / 3f + 59) + 1 / 61f, within(1e-6f));
    assertThat(ids(query(fused(rrf(Rrf.newBuilder().addWeights(1).addWeights(0).build())))))
        .containsExactly(4L, 3L, 2L, 1L);
    assertThat(
            failure(() -> query(fused(rrf(Rrf.newBuilder().addWeights(1).build()))))
                .getDescription())
        .contains("got 1, expected 2");
  }

  @Test
  void filters_of_the_query_and_of_a_prefetch_both_hold() {
    putFour();
    QueryPoints.Builder request =
        fused(fusion(io.qdrant.client.grpc.Points.Fusion.RRF))
            .setFilter(must(matchKeyword("kind", "a")));
    assertThat(ids(query(request))).containsExactly(3L, 1L, 4L);
    request.getPrefetchBuilder(0).setLimit(1);
    request.getPrefetchBuilder(1).setFilter(must(matchKeyword("kind", "b")));
    assertThat(ids(query(request))).containsExactly(4L);
  }

  @Test
  void a_vector_is_added_to_a_collection_that_is_there_and_found_missing_in_its_points() {
    store.collection("old", 2, Distance.Dot);
    store.upsert("old", point(1, Map.of("hash", value("x")), 1, 0));
    CreateVectorNameRequest add =
        CreateVectorNameRequest.newBuilder()
            .setCollectionName("old")
            .setVectorName("words")
            .setSparseConfig(SparseVectorCreationConfig.newBuilder().setModifier(Modifier.Idf))
            .build();
    get(store.client.createVectorNameAsync(add));
    get(store.client.createVectorNameAsync(add));
    store.upsert(
        "old", PointStruct.newBuilder().setId(id(2)).setVectors(words(Map.of(1, 1f))).build());

    Filter without = Filter.newBuilder().addMustNot(hasVector("words")).build();
    assertThat(store.matching("old", without)).containsExactly(1L);
    assertThat(store.matching("old", must(hasVector("")))).containsExactly(1L);
    assertThat(
            get(store.client.getCollectionInfoAsync("old"))
                .getConfig()
                .getParams()
                .getSparseVectorsConfig()
                .getMapOrThrow("words")
                .getModifier())
        .isEqualTo(Modifier.Idf);
    store.close();
    store = new StoreFixture(folder);
    assertThat(store.matching("old", without)).containsExactly(1L);
    RetrievedPoint alone = store.retrieve("old", 1);
    assertThat(alone.getVectors().getVector().getDense().getDataList()).containsExactly(1f, 0f);
  }

  @Test
  void what_does_not_fit_is_refused() {
    SparseVector twice =
        SparseVector.newBuilder().addIndices(1).addIndices(1).addValues(1).addValues(2).build();
    assertThat(
            failure(
                    () ->
                        query(
                            QueryPoints.newBuilder()
                                .setCollectionName("c")
                                .setUsing("words")
                                .setQuery(
                                    nearest(VectorInput.newBuilder().setSparse(twice).build()))))
                .getDescription())
        .contains("must be unique");
    assertThat(
            failure(
                    () ->
                        query(
                            QueryPoints.newBuilder()
                                .setCollectionName("c")
                                .setUsing("words")
                                .setQuery(nearest(1, 0))))
                .getDescription())
        .contains("sparse and regular");
    assertThat(
            failure(
                    () ->
                        query(
                            QueryPoints.newBuilder()
                                .setCollectionName("c")
                                .setQuery(fusion(io.qdrant.client.grpc.Points.Fusion.RRF))))
                .getDescription())
        .contains("without prefetches");
  }
}
