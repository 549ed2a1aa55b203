package io.vectorstream.local.store;

import static io.qdrant.client.ConditionFactory.hasId;
import static io.qdrant.client.ConditionFactory.isEmpty;
import static io.qdrant.client.ConditionFactory.match;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.matchKeywords;
import static io.qdrant.client.ConditionFactory.range;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.failure;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.must;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.grpc.Status;
import io.grpc.Status.Code;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrictModeTest {

  private static final Filter LATER_FENCE =
      Filter.newBuilder().addMustNot(range("fence", Range.newBuilder().setGt(7).build())).build();

  @TempDir Path folder;
  private StoreFixture store;

  @BeforeEach
  void start() {
    store =
        new StoreFixture(
            new EmbeddedVectorStore.Options(folder, 0, Optional.empty()).strict(), null);
    store.collection("c", 2, Distance.Dot);
    store.upsert("c", point(1, Map.of("model", value("a"), "fence", value(3)), 1, 1));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void a_filter_over_a_field_without_an_index_is_refused_in_qdrants_words() {
    Status refused = failure(() -> store.matching("c", must(matchKeyword("model", "a"))));

    assertThat(refused.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.getDescription())
        .isEqualTo(
            "Bad request: Index required but not found for \"model\" of one of the following"
                + " types: [keyword]. Help: Create an index for this key or use a different"
                + " filter.");
    assertRefused(() -> store.count("c", must(isEmpty("model"))), "\"model\"");
    assertRefused(
        () ->
            get(
                store.client.queryAsync(
                    QueryPoints.newBuilder()
                        .setCollectionName("c")
                        .setQuery(nearest(List.of(1f, 1f)))
                        .setFilter(must(matchKeyword("model", "a")))
                        .build())),
        "\"model\"");
    assertRefused(
        () -> store.matching("c", must(match("paid", true))),
        "\"paid\" of one of the following types: [bool]");
  }

  @Test
  void a_filter_over_an_indexed_field_or_over_ids_is_answered() {
    index("model", PayloadSchemaType.Keyword);

    assertThat(store.matching("c", must(matchKeyword("model", "a")))).containsExactly(1L);
    assertThat(store.matching("c", must(matchKeywords("other", List.of())))).isEmpty();
    assertThat(store.matching("c", must(hasId(id(1))))).containsExactly(1L);
    assertThat(
            store.matching(
                "c",
                Filter.newBuilder()
                    .addMustNot(matchKeyword("model", "b"))
                    .addMustNot(isEmpty("model"))
                    .build()))
        .containsExactly(1L);
  }

  @Test
  void an_index_of_another_type_does_not_count() {
    index("model", PayloadSchemaType.Integer);

    assertRefused(() -> store.matching("c", must(matchKeyword("model", "a"))), "[keyword]");
    assertThat(store.matching("c", must(isEmpty("model")))).isEmpty();
  }

  @Test
  void changes_by_a_filter_need_an_index_but_the_condition_of_an_upsert_does_not() {
    PointsUpdateOperation upsert =
        PointsUpdateOperation.newBuilder()
            .setUpsert(
                PointsUpdateOperation.PointStructList.newBuilder()
                    .addPoints(point(1, Map.of("fence", value(4)), 1, 1))
                    .setUpdateFilter(LATER_FENCE))
            .build();
    PointsUpdateOperation overwrite =
        PointsUpdateOperation.newBuilder()
            .setOverwritePayload(
                PointsUpdateOperation.OverwritePayload.newBuilder()
                    .putPayload("fence", value(5))
                    .setPointsSelector(PointsSelector.newBuilder().setFilter(LATER_FENCE)))
            .build();

    assertRefused(
        () -> get(store.client.batchUpdateAsync("c", List.of(upsert, overwrite))),
        "\"fence\" of one of the following types: [float, integer]");
    assertThat(store.payload("c", 1)).as("nothing of the batch").containsEntry("fence", value(3));
    assertRefused(() -> get(store.client.deleteAsync("c", LATER_FENCE)), "\"fence\"");

    get(store.client.batchUpdateAsync("c", List.of(upsert)));
    get(
        store.client.upsertAsync(
            UpsertPoints.newBuilder()
                .setCollectionName("c")
                .setWait(true)
                .addPoints(point(2, Map.of("fence", value(4)), 1, 1))
                .setUpdateFilter(LATER_FENCE)
                .build()));
    assertThat(store.payload("c", 1)).containsEntry("fence", value(4));
    assertThat(store.payload("c", 2)).containsEntry("fence", value(4));

    index("fence", PayloadSchemaType.Integer);
    get(store.client.batchUpdateAsync("c", List.of(overwrite)));
    assertThat(store.payload("c", 2)).containsEntry("fence", value(5));
  }

  @Test
  void requests_above_the_limits_are_refused() {
    limit(StrictModeConfig.newBuilder().setConditionMaxSize(2).setMaxPayloadIndexCount(1));

    assertRefused(
        () ->
            get(
                store.client.scrollAsync(
                    scroll().setFilter(must(hasId(List.of(id(1), id(2), id(3))))).build())),
        "Condition size limit reached (3 > 2)");
    index("model", PayloadSchemaType.Keyword);
    assertRefused(
        () -> index("other", PayloadSchemaType.Keyword),
        "Collection already has the maximum number of payload indices (1)");
  }

  @Test
  void a_collection_can_be_made_without_strict_mode() {
    get(
        store.client.createCollectionAsync(
            CreateCollection.newBuilder()
                .setCollectionName("free")
                .setVectorsConfig(
                    VectorsConfig.newBuilder()
                        .setParams(VectorParams.newBuilder().setSize(2).setDistance(Distance.Dot)))
                .setStrictModeConfig(StrictModeConfig.newBuilder().setEnabled(false))
                .build()));

    assertThat(store.matching("free", must(matchKeyword("model", "a")))).isEmpty();
  }

  @Test
  void a_store_without_strict_mode_forbids_nothing() {
    try (StoreFixture free = new StoreFixture(folder.resolve("free"))) {
      free.collection("c", 2, Distance.Dot);
      assertThatCode(() -> free.matching("c", must(matchKeyword("model", "a"))))
          .doesNotThrowAnyException();
    }
  }

  private static ScrollPoints.Builder scroll() {
    return ScrollPoints.newBuilder().setCollectionName("c").setLimit(5);
  }

  private void index(String field, PayloadSchemaType type) {
    get(store.client.createPayloadIndexAsync("c", field, type, null, true, null, null));
  }

  private void limit(StrictModeConfig.Builder limits) {
    get(
        store.client.updateCollectionAsync(
            UpdateCollection.newBuilder()
                .setCollectionName("c")
                .setStrictModeConfig(limits)
                .build()));
  }

  private static void assertRefused(Runnable call, String words) {
    Status refused = failure(call);
    assertThat(refused.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.getDescription()).startsWith("Bad request: ").contains(words);
  }
}
