package io.vectorstream.local.store;

import static io.qdrant.client.ConditionFactory.isNull;
import static io.qdrant.client.ConditionFactory.matchExceptKeywords;
import static io.qdrant.client.ConditionFactory.matchExceptValues;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.matchPhrase;
import static io.qdrant.client.ConditionFactory.matchText;
import static io.qdrant.client.ConditionFactory.matchTextAny;
import static io.qdrant.client.ConditionFactory.matchValues;
import static io.qdrant.client.ConditionFactory.nested;
import static io.qdrant.client.ConditionFactory.valuesCount;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.QueryFactory.fusion;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.QueryFactory.orderBy;
import static io.qdrant.client.QueryFactory.recommend;
import static io.qdrant.client.QueryFactory.sample;
import static io.qdrant.client.ValueFactory.value;
import static io.qdrant.client.VectorInputFactory.vectorInput;
import static io.qdrant.client.VectorsFactory.vectors;
import static io.vectorstream.local.store.StoreFixture.byIds;
import static io.vectorstream.local.store.StoreFixture.failure;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.must;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import grpc.health.v1.HealthCheck.HealthCheckRequest;
import grpc.health.v1.HealthGrpc;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Datatype;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.MultiVectorConfig;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.PayloadIndexParams;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.SparseIndexConfig;
import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.GeoRadius;
import io.qdrant.client.grpc.Common.Match;
import io.qdrant.client.grpc.Common.MinShould;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.Common.ValuesCount;
import io.qdrant.client.grpc.Points.CreateVectorNameRequest;
import io.qdrant.client.grpc.Points.DenseVectorCreationConfig;
import io.qdrant.client.grpc.Points.DiscoverPoints;
import io.qdrant.client.grpc.Points.FacetCounts;
import io.qdrant.client.grpc.Points.Fusion;
import io.qdrant.client.grpc.Points.LookupLocation;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.PointVectors;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.PrefetchQuery;
import io.qdrant.client.grpc.Points.QueryPointGroups;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RecommendInput;
import io.qdrant.client.grpc.Points.RecommendPoints;
import io.qdrant.client.grpc.Points.Sample;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.SearchPoints;
import io.qdrant.client.grpc.Points.StartFrom;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls and options of Qdrant's that the store refuses by their names. */
class RefusedCallsTest {

  private static final QueryPoints NEAREST =
      QueryPoints.newBuilder().setCollectionName("c").setQuery(nearest(1, 0)).build();

  @TempDir Path folder;
  private StoreFixture store;

  @BeforeEach
  void start() {
    store = new StoreFixture(folder);
    store.collection("c", 2, Distance.Dot);
    store.upsert("c", point(1, Map.of("a", value(1)), 1, 1));
  }

  @AfterEach
  void stop() {
    assertThat(store.count("c")).isEqualTo(1);
    assertThat(store.payload("c", 1)).as("nothing was changed").isEqualTo(Map.of("a", value(1)));
    store.close();
  }

  @Test
  void what_is_not_offered_is_refused_by_name() {
    refused(store.client.listAliasesAsync(), "qdrant.Collections/ListAliases");
    refused(store.client.createSnapshotAsync("c"), "qdrant.Snapshots/Create");
    refused(
        HealthGrpc.newFutureStub(store.client.grpcClient().channel())
            .check(HealthCheckRequest.getDefaultInstance()),
        "grpc.health.v1.Health/Check");
    refused(
        store.client.discoverAsync(
            DiscoverPoints.newBuilder().setCollectionName("c").setLimit(1).build()),
        "qdrant.Points/Discover");
    refused(
        store.client.facetAsync(
            FacetCounts.newBuilder().setCollectionName("c").setKey("k").build()),
        "qdrant.Points/Facet");
    refused(
        store.client.queryAsync(NEAREST.toBuilder().setQuery(sample(Sample.Random)).build()),
        "sample");
  }

  @Test
  void searches_of_other_kinds_are_refused() {
    SearchPoints search =
        SearchPoints.newBuilder()
            .setCollectionName("c")
            .addAllVector(List.of(1f, 0f))
            .setLimit(1)
            .build();
    refused(store.client.searchAsync(search), "qdrant.Points/Search");
    refused(store.client.searchBatchAsync("c", List.of(search), null), "qdrant.Points/SearchBatch");
    refused(
        store.client.recommendAsync(
            RecommendPoints.newBuilder().setCollectionName("c").setLimit(1).build()),
        "qdrant.Points/Recommend");
    refused(store.client.queryBatchAsync("c", List.of(NEAREST)), "qdrant.Points/QueryBatch");
    refused(
        store.client.queryGroupsAsync(
            QueryPointGroups.newBuilder().setCollectionName("c").setGroupBy("a").build()),
        "qdrant.Points/QueryGroups");
    refused(
        store.client.queryAsync(
            NEAREST.toBuilder()
                .setQuery(
                    recommend(RecommendInput.newBuilder().addPositive(vectorInput(1L)).build()))
                .build()),
        "recommend");
    refused(
        store.client.queryAsync(NEAREST.toBuilder().setQuery(orderBy("a")).build()), "order_by");
    refused(store.client.queryAsync(NEAREST.toBuilder().clearQuery().build()), "A query");
  }

  @Test
  void options_of_a_read_are_refused() {
    refused(
        store.client.queryAsync(NEAREST.toBuilder().setScoreThreshold(0.5f).build()),
        "score_threshold");
    refused(
        store.client.queryAsync(
            NEAREST.toBuilder().addPrefetch(PrefetchQuery.getDefaultInstance()).build()),
        "prefetch for a query of the kind nearest");
    refused(
        store.client.queryAsync(
            NEAREST.toBuilder()
                .setQuery(fusion(Fusion.DBSF))
                .addPrefetch(PrefetchQuery.newBuilder().setQuery(NEAREST.getQuery()))
                .build()),
        "DBSF");
    refused(
        store.client.queryAsync(
            NEAREST.toBuilder()
                .setQuery(fusion(Fusion.RRF))
                .addPrefetch(
                    PrefetchQuery.newBuilder()
                        .addPrefetch(PrefetchQuery.newBuilder().setQuery(NEAREST.getQuery()))
                        .setQuery(NEAREST.getQuery()))
                .build()),
        "prefetch of a prefetch");
    refused(
        store.client.queryAsync(
            NEAREST.toBuilder()
                .setLookupFrom(LookupLocation.newBuilder().setCollectionName("c"))
                .build()),
        "lookup_from");
    refused(
        store.client.queryAsync(
            NEAREST.toBuilder()
                .setWithPayload(WithPayloadSelectorFactory.exclude(List.of("a")))
                .build()),
        "payload without some");
    get(
        store.client.createPayloadIndexAsync(
            "c", "a", PayloadSchemaType.Integer, null, true, null, null));
    refused(
        store.client.scrollAsync(
            ScrollPoints.newBuilder()
                .setCollectionName("c")
                .setOrderBy(
                    OrderBy.newBuilder()
                        .setKey("a")
                        .setStartFrom(StartFrom.newBuilder().setInteger(1)))
                .build()),
        "start_from");
  }

  @Test
  void conditions_of_other_kinds_are_refused() {
    refused(isNull("a"), "is_null");
    refused(nested("a", must(matchKeyword("b", "x"))), "nested");
    refused(matchText("a", "x"), "text");
    refused(matchTextAny("a", "x"), "text_any");
    refused(matchPhrase("a", "x"), "phrase");
    refused(matchValues("a", List.of(1L)), "integers");
    refused(matchExceptKeywords("a", List.of("x")), "except_keywords");
    refused(matchExceptValues("a", List.of(1L)), "except_integers");
    refused(valuesCount("a", ValuesCount.newBuilder().setGte(1).build()), "values_count");
    FieldCondition.Builder field = FieldCondition.newBuilder().setKey("a");
    refused(field.clone().setGeoRadius(GeoRadius.getDefaultInstance()), "geo_radius");
    refused(field.clone().setIsEmpty(true), "is_empty");
    refused(field.clone().setIsNull(true), "is_null");
    refused(
        field
            .clone()
            .setMatch(Match.newBuilder().setInteger(1))
            .setRange(Range.newBuilder().setGt(0)),
        "several kinds");
    refused(
        store.client.countAsync(
            "c",
            Filter.newBuilder()
                .setMinShould(
                    MinShould.newBuilder().setMinCount(1).addConditions(matchKeyword("a", "x")))
                .build(),
            true),
        "min_should");
  }

  @Test
  void changes_of_other_kinds_are_refused() {
    refused(
        store.client.overwritePayloadAsync("c", Map.of(), id(1), true, null, null),
        "qdrant.Points/OverwritePayload");
    refused(
        store.client.deletePayloadAsync("c", List.of("a"), id(1), true, null, null),
        "qdrant.Points/DeletePayload");
    refused(
        store.client.clearPayloadAsync("c", id(1), true, null, null), "qdrant.Points/ClearPayload");
    PointVectors moved = PointVectors.newBuilder().setId(id(1)).setVectors(vectors(2, 2)).build();
    refused(store.client.updateVectorsAsync("c", List.of(moved)), "qdrant.Points/UpdateVectors");
    refused(
        store.client.deleteVectorsAsync("c", List.of(""), List.of(id(1))),
        "qdrant.Points/DeleteVectors");
    refused(
        store.client.setPayloadAsync("c", Map.of("b", value(2)), byIds(1), true, "a", null, null),
        "key");
    refusedInBatch(
        PointsUpdateOperation.newBuilder()
            .setDeletePoints(PointsUpdateOperation.DeletePoints.newBuilder().setPoints(byIds(1))),
        "delete_points");
    refusedInBatch(
        PointsUpdateOperation.newBuilder()
            .setClearPayload(PointsUpdateOperation.ClearPayload.newBuilder().setPoints(byIds(1))),
        "clear_payload");
    refusedInBatch(
        PointsUpdateOperation.newBuilder()
            .setOverwritePayload(
                PointsUpdateOperation.OverwritePayload.newBuilder()
                    .setPointsSelector(byIds(1))
                    .setKey("a")),
        "key");
    refusedInBatch(
        PointsUpdateOperation.newBuilder()
            .setDeletePayload(
                PointsUpdateOperation.DeletePayload.newBuilder()
                    .setPointsSelector(byIds(1))
                    .addKeys("a.b")),
        "key within an object");
    refused(
        store.client.upsertAsync(
            UpsertPoints.newBuilder()
                .setCollectionName("c")
                .addPoints(point(1, Map.of(), 2, 2))
                .setUpdateMode(UpdateMode.UpdateOnly)
                .build()),
        "UpdateOnly");
  }

  @Test
  void collections_of_other_kinds_are_refused() {
    VectorParams vector = VectorParams.newBuilder().setSize(2).setDistance(Distance.Dot).build();
    refused(vector.toBuilder().setDistance(Distance.Manhattan), "Manhattan");
    refused(
        vector.toBuilder().setMultivectorConfig(MultiVectorConfig.getDefaultInstance()),
        "multivector_config");
    refused(vector.toBuilder().setDatatype(Datatype.Float16), "datatype");
    CreateCollection.Builder create = CreateCollection.newBuilder().setCollectionName("new");
    refused(
        create
            .clone()
            .setVectorsConfig(
                VectorsConfig.newBuilder()
                    .setParamsMap(VectorParamsMap.newBuilder().putMap("text", vector))),
        "named vectors");
    refused(
        create
            .clone()
            .setSparseVectorsConfig(
                SparseVectorConfig.newBuilder()
                    .putMap(
                        "words",
                        SparseVectorParams.newBuilder()
                            .setIndex(SparseIndexConfig.newBuilder().setDatatype(Datatype.Float16))
                            .build())),
        "datatype of the index of a sparse vector");
    refused(
        store.client.createVectorNameAsync(
            CreateVectorNameRequest.newBuilder()
                .setCollectionName("c")
                .setVectorName("other")
                .setDenseConfig(DenseVectorCreationConfig.newBuilder().setSize(2))
                .build()),
        "dense_config of a new vector");
    refused(create.clone().putMetadata("owner", value("shop")), "metadata");
    refused(
        create.clone().setStrictModeConfig(StrictModeConfig.newBuilder().setMaxQueryLimit(10)),
        "max_query_limit");
    refused(
        store.client.updateCollectionAsync(
            UpdateCollection.newBuilder()
                .setCollectionName("c")
                .setHnswConfig(HnswConfigDiff.newBuilder().setM(8))
                .build()),
        "hnsw_config");
    refused(
        store.client.updateCollectionAsync(
            UpdateCollection.newBuilder()
                .setCollectionName("c")
                .setOptimizersConfig(OptimizersConfigDiff.getDefaultInstance())
                .build()),
        "optimizers_config");
    refused(
        store.client.updateCollectionAsync(
            UpdateCollection.newBuilder()
                .setCollectionName("c")
                .setStrictModeConfig(StrictModeConfig.newBuilder().setSearchAllowExact(false))
                .build()),
        "search_allow_exact");
    assertThat(get(store.client.listCollectionsAsync())).containsExactly("c");
  }

  @Test
  void payload_indexes_of_other_kinds_are_refused() {
    for (PayloadSchemaType type :
        List.of(PayloadSchemaType.Text, PayloadSchemaType.Geo, PayloadSchemaType.Uuid)) {
      refused(
          store.client.createPayloadIndexAsync("c", "a", type, null, true, null, null),
          type.name());
    }
    refused(
        store.client.createPayloadIndexAsync(
            "c",
            "a",
            PayloadSchemaType.Keyword,
            PayloadIndexParams.getDefaultInstance(),
            true,
            null,
            null),
        "field_index_params");
    refused(
        store.client.deletePayloadIndexAsync("c", "a", true, null, null),
        "qdrant.Points/DeleteFieldIndex");
    assertThat(get(store.client.getCollectionInfoAsync("c")).getPayloadSchemaMap()).isEmpty();
  }

  private void refused(Condition condition, String name) {
    refused(store.client.countAsync("c", must(condition), true), name);
  }

  private void refused(FieldCondition.Builder field, String name) {
    refused(Condition.newBuilder().setField(field).build(), name);
  }

  private void refused(VectorParams.Builder vector, String name) {
    refused(store.client.createCollectionAsync("new", vector.build()), name);
  }

  private void refused(CreateCollection.Builder create, String name) {
    refused(store.client.createCollectionAsync(create.build()), name);
  }

  private void refusedInBatch(PointsUpdateOperation.Builder operation, String name) {
    refused(store.client.batchUpdateAsync("c", List.of(operation.build())), name);
  }

  private static void refused(ListenableFuture<?> call, String name) {
    Status status = failure(() -> get(call));
    assertThat(status.getCode()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(status.getDescription()).contains(name, "Qdrant server");
  }
}
