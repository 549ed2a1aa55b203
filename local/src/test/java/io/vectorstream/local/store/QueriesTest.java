package io.vectorstream.local.store;

import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.QueryFactory.orderBy;
import static io.qdrant.client.ValueFactory.list;
import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.failure;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.ids;
import static io.vectorstream.local.store.StoreFixture.must;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grpc.Status.Code;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Points.Direction;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueriesTest {

  @TempDir Path folder;
  private StoreFixture store;

  @BeforeEach
  void start() {
    store = new StoreFixture(folder);
    store.collection("c", 2, Distance.Cosine);
    store.upsert(
        "c",
        point(1, Map.of("kind", value("a"), "n", value(3)), 1, 0),
        point(2, Map.of("kind", value("b"), "n", value(1)), 1, 1),
        point(3, Map.of("kind", value("a"), "n", value(2)), 0, 2),
        point(4, Map.of("kind", list(List.of(value("b"), value("c")))), -1, 0));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private static QueryPoints.Builder request(String collection, Query query) {
    return QueryPoints.newBuilder().setCollectionName(collection).setQuery(query);
  }

  private List<ScoredPoint> query(QueryPoints.Builder request) {
    return get(store.client.queryAsync(request.build()));
  }

  @Test
  void the_nearest_come_first_with_their_cosine() {
    List<ScoredPoint> found = query(request("c", nearest(2, 0)));
    assertThat(ids(found)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(found.get(0).getScore()).isCloseTo(1f, within(1e-6f));
    assertThat(found.get(1).getScore()).isCloseTo(0.70710677f, within(1e-6f));
    assertThat(found.get(3).getScore()).isCloseTo(-1f, within(1e-6f));
    assertThat(found.get(0).getPayloadMap()).isEmpty();
    assertThat(found.get(0).hasVectors()).isFalse();
  }

  @Test
  void each_distance_has_its_own_score_and_order() {
    store.collection("euclid", 2, Distance.Euclid);
    store.collection("dot", 2, Distance.Dot);
    for (String name : List.of("euclid", "dot")) {
      store.upsert(name, point(1, Map.of(), 3, 4), point(2, Map.of(), 1, 0));
    }
    assertThat(query(request("euclid", nearest(0, 0))))
        .extracting(ScoredPoint::getScore)
        .containsExactly(1f, 5f);
    assertThat(query(request("dot", nearest(1, 1))))
        .extracting(ScoredPoint::getScore)
        .containsExactly(7f, 1f);
  }

  @Test
  void limit_offset_and_filter_cut_the_answer() {
    assertThat(ids(query(request("c", nearest(1, 0)).setLimit(2)))).containsExactly(1L, 2L);
    assertThat(ids(query(request("c", nearest(1, 0)).setLimit(2).setOffset(1))))
        .containsExactly(2L, 3L);
    assertThat(ids(query(request("c", nearest(1, 0)).setFilter(must(matchKeyword("kind", "b"))))))
        .containsExactly(2L, 4L);
  }

  @Test
  void a_filter_on_an_indexed_field_gives_the_same_answer() {
    get(
        store.client.createPayloadIndexAsync(
            "c", "kind", PayloadSchemaType.Keyword, null, true, null, null));
    assertThat(ids(query(request("c", nearest(1, 0)).setFilter(must(matchKeyword("kind", "b"))))))
        .containsExactly(2L, 4L);
  }

  @Test
  void payload_and_vectors_come_along_when_asked_for() {
    ScoredPoint best =
        query(
                request("c", nearest(0, 1))
                    .setWithPayload(WithPayloadSelectorFactory.include(List.of("n")))
                    .setWithVectors(WithVectorsSelectorFactory.enable(true)))
            .get(0);
    assertThat(best.getPayloadMap()).isEqualTo(Map.of("n", value(2)));
    assertThat(best.getVectors().getVector().getDense().getDataList()).containsExactly(0f, 1f);
  }

  @Test
  void a_search_by_id_does_not_find_the_point_itself() {
    assertThat(ids(query(request("c", nearest(1L))))).containsExactly(2L, 3L, 4L);
    assertThat(failure(() -> query(request("c", nearest(99L)))).getCode())
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void a_search_follows_what_is_written_after_it() {
    assertThat(ids(query(request("c", nearest(1, 0)).setLimit(1)))).containsExactly(1L);
    store.upsert("c", point(3, Map.of(), 5, 0.01f), point(9, Map.of(), 7, 0));
    get(store.client.deleteAsync("c", List.of(io.qdrant.client.PointIdFactory.id(1))));
    assertThat(ids(query(request("c", nearest(1, 0)).setLimit(3)))).containsExactly(9L, 3L, 2L);
  }

  @Test
  void a_query_with_a_vector_of_the_wrong_length_or_of_no_vector_is_refused() {
    assertThat(failure(() -> query(request("c", nearest(1, 2, 3)))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    store.payloadCollection("p");
    assertThat(failure(() -> query(request("p", nearest(1, 2)))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void points_are_ordered_by_a_field_with_a_range_index() {
    OrderBy up = OrderBy.newBuilder().setKey("n").build();
    assertThat(failure(() -> ordered(up)).getDescription()).contains("No range index");
    get(
        store.client.createPayloadIndexAsync(
            "c", "n", PayloadSchemaType.Integer, null, true, null, null));
    List<RetrievedPoint> found = ordered(up);
    assertThat(found).extracting(one -> one.getId().getNum()).containsExactly(2L, 3L, 1L);
    assertThat(found.get(0).getOrderValue().getInt()).isEqualTo(1);
    OrderBy down = up.toBuilder().setDirection(Direction.Desc).build();
    assertThat(ordered(down)).extracting(one -> one.getId().getNum()).containsExactly(1L, 3L, 2L);
  }

  private List<RetrievedPoint> ordered(OrderBy orderBy) {
    return get(store.client.scrollAsync(
            ScrollPoints.newBuilder().setCollectionName("c").setOrderBy(orderBy).build()))
        .getResultList();
  }

  @Test
  void a_search_over_many_vectors_finds_what_comparing_each_finds() {
    int size = 37;
    Random random = new Random(5);
    store.collection("many", size, Distance.Cosine);
    List<float[]> vectors = new ArrayList<>();
    for (int start = 0; start < 3000; start += 500) {
      var points = new ArrayList<io.qdrant.client.grpc.Points.PointStruct>();
      for (int i = start; i < start + 500; i++) {
        float[] vector = new float[size];
        for (int j = 0; j < size; j++) {
          vector[j] = (float) random.nextGaussian();
        }
        vectors.add(vector);
        points.add(point(i, Map.of(), vector));
      }
      get(store.client.upsertAsync("many", points));
    }
    float[] query = vectors.get(1234).clone();
    query[0] += 0.5f;
    List<Long> expected = new ArrayList<>();
    for (long i = 0; i < vectors.size(); i++) {
      expected.add(i);
    }
    expected.sort(Comparator.comparingDouble(i -> -cosine(query, vectors.get(i.intValue()))));
    assertThat(ids(query(request("many", nearest(query)).setLimit(20))))
        .isEqualTo(expected.subList(0, 20));
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
