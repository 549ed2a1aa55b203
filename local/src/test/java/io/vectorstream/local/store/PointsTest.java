package io.vectorstream.local.store;

import static io.qdrant.client.ConditionFactory.hasId;
import static io.qdrant.client.ConditionFactory.isEmpty;
import static io.qdrant.client.ConditionFactory.range;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.ValueFactory.list;
import static io.qdrant.client.ValueFactory.nullValue;
import static io.qdrant.client.ValueFactory.value;
import static io.qdrant.client.VectorFactory.vector;
import static io.qdrant.client.VectorsFactory.namedVectors;
import static io.qdrant.client.VectorsFactory.vectors;
import static io.vectorstream.local.store.StoreFixture.byIds;
import static io.vectorstream.local.store.StoreFixture.failure;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.keyword;
import static io.vectorstream.local.store.StoreFixture.must;
import static io.vectorstream.local.store.StoreFixture.object;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grpc.Status;
import io.grpc.Status.Code;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointVectors;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.VectorsSelector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointsTest {

  @TempDir Path folder;
  private StoreFixture store;

  @BeforeEach
  void start() {
    store = new StoreFixture(folder);
    store.collection("v", 3, Distance.Dot);
    store.payloadCollection("p");
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void a_point_comes_back_as_it_was_sent() {
    Map<String, Value> payload =
        Map.of(
            "name", value("Çay bardağı ☕"),
            "price", value(12.5),
            "quantity", value(-3),
            "sold", value(false),
            "nothing", nullValue(),
            "tags", list(List.of(value("a"), value(2), list(List.of(value(true))))),
            "product", object(Map.of("id", value("p1"), "deep", object(Map.of("er", value(1))))));
    store.upsert("v", point(7, payload, 1, 2, 3));

    RetrievedPoint found = store.retrieve("v", 7);
    assertThat(found.getPayloadMap()).isEqualTo(payload);
    assertThat(found.getVectors().getVector().getDense().getDataList()).containsExactly(1f, 2f, 3f);
    assertThat(store.retrieve("v", 8)).isNull();
  }

  @Test
  void an_upsert_is_acknowledged_as_completed() {
    UpdateResult result = get(store.client.upsertAsync("p", List.of(point(1, Map.of()))));
    assertThat(result.getStatus()).isEqualTo(UpdateStatus.Completed);
    UpsertPoints withoutWaiting =
        UpsertPoints.newBuilder().setCollectionName("p").addPoints(point(2, Map.of())).build();
    assertThat(get(store.client.upsertAsync(withoutWaiting)).getStatus())
        .isEqualTo(UpdateStatus.Acknowledged);
  }

  @Test
  void an_upsert_replaces_the_whole_point() {
    store.upsert("v", point(1, Map.of("a", value(1), "b", value(2)), 1, 1, 1));
    store.upsert("v", point(1, Map.of("a", value(3)), 2, 2, 2));
    assertThat(store.payload("v", 1)).isEqualTo(Map.of("a", value(3)));
    assertThat(store.count("v")).isEqualTo(1);
  }

  @Test
  void of_an_id_given_twice_in_one_upsert_the_last_counts() {
    store.upsert("p", point(1, Map.of("a", value(1))), point(1, Map.of("a", value(2))));
    assertThat(store.payload("p", 1)).isEqualTo(Map.of("a", value(2)));
    assertThat(store.count("p")).isEqualTo(1);
  }

  @Test
  void uuids_come_back_in_their_usual_form_however_they_were_written() {
    UUID uuid = UUID.fromString("6f1c2a34-0b5d-4f67-89ab-cdef01234567");
    PointId odd = PointId.newBuilder().setUuid("6F1C2A340B5D4F6789ABCDEF01234567").build();
    store.upsert("p", point(odd, Map.of("a", value(1))));
    store.upsert("p", point(id(uuid), Map.of("a", value(2))));
    assertThat(store.count("p")).isEqualTo(1);
    List<RetrievedPoint> found = get(store.client.retrieveAsync("p", odd, true, false, null));
    assertThat(found.get(0).getId().getUuid()).isEqualTo(uuid.toString());
    assertThat(found.get(0).getPayloadMap()).isEqualTo(Map.of("a", value(2)));
  }

  @Test
  void what_is_no_point_is_refused_and_nothing_of_the_call_is_kept() {
    PointId wrong = PointId.newBuilder().setUuid("not-a-uuid").build();
    assertThat(
            failure(() -> store.upsert("p", point(1, Map.of()), point(wrong, Map.of()))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(
            failure(() -> store.upsert("p", PointStruct.newBuilder().setId(id(1)).build()))
                .getDescription())
        .contains("Expected some vectors");
    assertThat(
            failure(
                    () ->
                        store.upsert("p", PointStruct.newBuilder().setVectors(vectors(1f)).build()))
                .getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(store.count("p")).isZero();
  }

  @Test
  void a_vector_of_the_wrong_length_is_refused_with_both_lengths() {
    Status status = failure(() -> store.upsert("v", point(1, Map.of(), 1, 2)));
    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("expected dim: 3, got 2");
    assertThat(failure(() -> store.upsert("p", point(1, Map.of(), 1, 2))).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void cosine_vectors_come_back_normalised() {
    store.collection("cosine", 2, Distance.Cosine);
    store.upsert("cosine", point(1, Map.of(), 3, 4));
    List<Float> values =
        store.retrieve("cosine", 1).getVectors().getVector().getDense().getDataList();
    assertThat(values.get(0)).isCloseTo(0.6f, within(1e-6f));
    assertThat(values.get(1)).isCloseTo(0.8f, within(1e-6f));
  }

  @Test
  void vectors_are_updated_and_deleted_without_the_payload() {
    store.upsert("v", point(1, Map.of("a", value(1)), 1, 2, 3), point(2, Map.of()));
    get(store.client.batchUpdateAsync("v", List.of(vectorUpdate(2, 7, 8, 9))));
    assertThat(store.retrieve("v", 2).getVectors().getVector().getDense().getDataList())
        .containsExactly(7f, 8f, 9f);
    get(
        store.client.batchUpdateAsync(
            "v",
            List.of(
                PointsUpdateOperation.newBuilder()
                    .setDeleteVectors(
                        PointsUpdateOperation.DeleteVectors.newBuilder()
                            .setPointsSelector(byIds(1))
                            .setVectors(VectorsSelector.newBuilder().addNames("")))
                    .build())));
    assertThat(store.retrieve("v", 1).getVectors().hasVector()).isFalse();
    assertThat(store.payload("v", 1)).isEqualTo(Map.of("a", value(1)));
    assertThat(
            failure(
                    () ->
                        store.upsert(
                            "v",
                            PointStruct.newBuilder()
                                .setId(id(3))
                                .setVectors(namedVectors(Map.of("sound", vector(1, 2))))
                                .build()))
                .getDescription())
        .contains("Not existing vector name", "sound");
  }

  private static PointsUpdateOperation vectorUpdate(long id, float... values) {
    return PointsUpdateOperation.newBuilder()
        .setUpdateVectors(
            PointsUpdateOperation.UpdateVectors.newBuilder()
                .addPoints(PointVectors.newBuilder().setId(id(id)).setVectors(vectors(values))))
        .build();
  }

  @Test
  void vectors_of_a_point_that_does_not_exist_cannot_be_updated() {
    assertThat(
            failure(
                    () ->
                        get(store.client.batchUpdateAsync("v", List.of(vectorUpdate(9, 1, 2, 3)))))
                .getCode())
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void payload_is_given_as_far_as_it_is_asked_for() {
    store.upsert(
        "p",
        point(
            1,
            Map.of(
                "a", value(1),
                "product", object(Map.of("id", value("x"), "name", value("y"))),
                "items",
                    list(
                        List.of(
                            object(Map.of("k", value(1), "v", value(2))),
                            object(Map.of("k", value(3))))))));
    assertThat(chosen(WithPayloadSelectorFactory.include(List.of("a", "product.id", "none"))))
        .isEqualTo(Map.of("a", value(1), "product", object(Map.of("id", value("x")))));
    assertThat(chosen(WithPayloadSelectorFactory.include(List.of("items[].k"))))
        .isEqualTo(
            Map.of(
                "items",
                list(List.of(object(Map.of("k", value(1))), object(Map.of("k", value(3)))))));
    assertThat(chosen(WithPayloadSelectorFactory.enable(false))).isEmpty();
  }

  private Map<String, Value> chosen(io.qdrant.client.grpc.Points.WithPayloadSelector selector) {
    return get(store.client.retrieveAsync(
            "p", List.of(id(1)), selector, WithVectorsSelectorFactory.enable(false), null))
        .get(0)
        .getPayloadMap();
  }

  @Test
  void a_scroll_goes_by_id_numbers_before_uuids_page_by_page() {
    UUID low = UUID.fromString("00000000-0000-0000-0000-000000000001");
    UUID high = UUID.fromString("ffffffff-0000-0000-0000-000000000000");
    store.upsert(
        "p",
        point(id(high), Map.of()),
        point(300, Map.of()),
        point(id(low), Map.of()),
        point(-1L, Map.of()),
        point(2, Map.of()));
    List<String> seen = new ArrayList<>();
    ScrollPoints.Builder request = ScrollPoints.newBuilder().setCollectionName("p").setLimit(2);
    ScrollResponse page;
    do {
      page = get(store.client.scrollAsync(request.build()));
      page.getResultList()
          .forEach(
              found ->
                  seen.add(
                      found.getId().hasNum()
                          ? Long.toUnsignedString(found.getId().getNum())
                          : found.getId().getUuid()));
      request.setOffset(page.getNextPageOffset());
    } while (page.hasNextPageOffset());
    assertThat(seen)
        .containsExactly("2", "300", "18446744073709551615", low.toString(), high.toString());
  }

  @Test
  void points_are_deleted_by_id_or_filter_and_the_count_follows() {
    for (int i = 0; i < 10; i++) {
      store.upsert("p", point(i, Map.of("kind", value(i % 2 == 0 ? "even" : "odd"))));
    }
    get(store.client.deleteAsync("p", List.of(id(0), id(99))));
    assertThat(store.count("p")).isEqualTo(9);
    get(store.client.deleteAsync("p", keyword("kind", "odd")));
    assertThat(store.count("p")).isEqualTo(4);
    assertThat(store.matching("p", must())).containsExactly(2L, 4L, 6L, 8L);
  }

  @Test
  void payload_is_set_key_by_key() {
    store.upsert("p", point(1, Map.of("a", value(1), "b", object(Map.of("c", value(2))))));
    get(
        store.client.setPayloadAsync(
            "p", Map.of("d", value(4), "a", value(5)), id(1), true, null, null));
    assertThat(store.payload("p", 1))
        .isEqualTo(Map.of("a", value(5), "b", object(Map.of("c", value(2))), "d", value(4)));
  }

  @Test
  void payload_is_set_where_a_filter_matches() {
    store.upsert("p", point(1, Map.of("k", value("x"))), point(2, Map.of("k", value("y"))));
    get(
        store.client.setPayloadAsync(
            "p", Map.of("seen", value(true)), keyword("k", "y"), true, null, null));
    assertThat(store.payload("p", 1)).doesNotContainKey("seen");
    assertThat(store.payload("p", 2)).containsEntry("seen", value(true));
  }

  @Test
  void payload_of_a_point_that_does_not_exist_cannot_be_set() {
    assertThat(
            failure(
                    () ->
                        get(
                            store.client.setPayloadAsync(
                                "p", Map.of("a", value(1)), id(5), true, null, null)))
                .getCode())
        .isEqualTo(Code.NOT_FOUND);
    assertThat(store.count("p")).isZero();
  }

  @Test
  void a_batch_of_updates_is_applied_in_order() {
    List<UpdateResult> results =
        get(
            store.client.batchUpdateAsync(
                "p",
                List.of(
                    PointsUpdateOperation.newBuilder()
                        .setUpsert(
                            PointsUpdateOperation.PointStructList.newBuilder()
                                .addPoints(point(1, Map.of("a", value(1))))
                                .addPoints(point(2, Map.of("a", value(1))))
                                .addPoints(point(3, Map.of("a", value(1)))))
                        .build(),
                    PointsUpdateOperation.newBuilder()
                        .setSetPayload(
                            PointsUpdateOperation.SetPayload.newBuilder()
                                .putPayload("b", value(2))
                                .setPointsSelector(byIds(1)))
                        .build(),
                    PointsUpdateOperation.newBuilder()
                        .setOverwritePayload(
                            PointsUpdateOperation.OverwritePayload.newBuilder()
                                .putPayload("c", value(3))
                                .setPointsSelector(byIds(2)))
                        .build(),
                    PointsUpdateOperation.newBuilder()
                        .setDeletePayload(
                            PointsUpdateOperation.DeletePayload.newBuilder()
                                .addKeys("a")
                                .setPointsSelector(byIds(1)))
                        .build(),
                    PointsUpdateOperation.newBuilder()
                        .setUpsert(
                            PointsUpdateOperation.PointStructList.newBuilder()
                                .addPoints(point(3, Map.of("a", value(2)))))
                        .build())));
    assertThat(results).hasSize(5).allMatch(r -> r.getStatus() == UpdateStatus.Completed);
    assertThat(store.payload("p", 1)).isEqualTo(Map.of("b", value(2)));
    assertThat(store.payload("p", 2)).isEqualTo(Map.of("c", value(3)));
    assertThat(store.payload("p", 3)).isEqualTo(Map.of("a", value(2)));
    assertThat(store.count("p")).isEqualTo(3);
  }

  @Test
  void an_upsert_can_leave_out_what_exists_or_fails_a_filter() {
    store.upsert("p", point(1, Map.of("v", value(1))));
    UpsertPoints.Builder request =
        UpsertPoints.newBuilder()
            .setCollectionName("p")
            .setWait(true)
            .addPoints(point(1, Map.of("v", value(2))))
            .addPoints(point(2, Map.of("v", value(2))));
    get(store.client.upsertAsync(request.setUpdateMode(UpdateMode.InsertOnly).build()));
    assertThat(store.payload("p", 1)).containsEntry("v", value(1));
    assertThat(store.payload("p", 2)).containsEntry("v", value(2));

    get(store.client.deleteAsync("p", List.of(id(2))));
    get(
        store.client.upsertAsync(
            UpsertPoints.newBuilder()
                .setCollectionName("p")
                .setWait(true)
                .addPoints(point(1, Map.of("v", value(3))))
                .addPoints(point(2, Map.of("v", value(3))))
                .setUpdateFilter(must(hasId(id(2))))
                .build()));
    assertThat(store.payload("p", 1)).containsEntry("v", value(1));
    assertThat(store.payload("p", 2)).containsEntry("v", value(3));
  }

  @Test
  void an_upsert_may_leave_out_all_of_its_points() {
    store.upsert("p", point(1, Map.of("v", value(1))));

    get(
        store.client.batchUpdateAsync(
            "p",
            List.of(
                PointsUpdateOperation.newBuilder()
                    .setUpsert(
                        PointsUpdateOperation.PointStructList.newBuilder()
                            .addPoints(point(1, Map.of("v", value(2))))
                            .setUpdateFilter(must(isEmpty("v"))))
                    .build())));

    assertThat(store.payload("p", 1)).containsEntry("v", value(1));
  }

  @Test
  void an_upsert_changes_only_points_without_a_later_fence() {
    store.upsert("p", fenced(1, 7, "old"), fenced(2, 8, "old"), point(3, Map.of()));

    get(
        store.client.upsertAsync(
            UpsertPoints.newBuilder()
                .setCollectionName("p")
                .setWait(true)
                .addPoints(fenced(1, 7, "new"))
                .addPoints(fenced(2, 7, "new"))
                .addPoints(fenced(3, 7, "new"))
                .addPoints(fenced(4, 7, "new"))
                .setUpdateFilter(noLaterFence(7))
                .build()));

    assertThat(by("p", 1, 2, 3, 4)).containsExactly("new", "old", "new", "new");
  }

  @Test
  void a_batch_of_updates_changes_only_points_without_a_later_fence() {
    store.upsert("p", fenced(1, 7, "old"), fenced(2, 8, "old"), fenced(3, 7, "old"));
    PointsUpdateOperation upsert =
        PointsUpdateOperation.newBuilder()
            .setUpsert(
                PointsUpdateOperation.PointStructList.newBuilder()
                    .addPoints(fenced(1, 7, "new"))
                    .addPoints(fenced(2, 7, "new"))
                    .setUpdateFilter(noLaterFence(7)))
            .build();
    Filter both = noLaterFence(7).toBuilder().addMust(hasId(List.of(id(2), id(3), id(9)))).build();
    PointsUpdateOperation overwrite =
        PointsUpdateOperation.newBuilder()
            .setOverwritePayload(
                PointsUpdateOperation.OverwritePayload.newBuilder()
                    .putAllPayload(fenced(0, 7, "new").getPayloadMap())
                    .setPointsSelector(PointsSelector.newBuilder().setFilter(both)))
            .build();

    get(store.client.batchUpdateAsync("p", List.of(upsert, overwrite)));

    assertThat(by("p", 1, 2, 3)).containsExactly("new", "old", "new");
    assertThat(store.retrieve("p", 9)).isNull();
  }

  private static PointStruct fenced(long id, long fence, String by) {
    return point(id, Map.of("fence", value(fence), "by", value(by)));
  }

  private static Filter noLaterFence(long fence) {
    return Filter.newBuilder()
        .addMustNot(range("fence", Range.newBuilder().setGt(fence).build()))
        .build();
  }

  private List<String> by(String collection, long... ids) {
    return LongStream.of(ids)
        .mapToObj(id -> store.payload(collection, id).get("by").getStringValue())
        .toList();
  }
}
