package io.vectorstream.local.store;

import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.failure;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionsTest {

  @TempDir Path folder;
  private StoreFixture store;

  @BeforeEach
  void start() {
    store = new StoreFixture(folder);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void a_new_collection_is_listed_and_shows_how_it_was_made() {
    get(
        store.client.createCollectionAsync(
            CreateCollection.newBuilder()
                .setCollectionName("products")
                .setVectorsConfig(
                    VectorsConfig.newBuilder()
                        .setParams(
                            VectorParams.newBuilder().setSize(4).setDistance(Distance.Cosine)))
                .setHnswConfig(HnswConfigDiff.newBuilder().setM(32))
                .build()));

    assertThat(get(store.client.listCollectionsAsync())).containsExactly("products");
    assertThat(get(store.client.collectionExistsAsync("products"))).isTrue();
    assertThat(get(store.client.collectionExistsAsync("users"))).isFalse();
    CollectionInfo info = get(store.client.getCollectionInfoAsync("products"));
    assertThat(info.getStatus()).isEqualTo(CollectionStatus.Green);
    assertThat(info.getOptimizerStatus().getOk()).isTrue();
    assertThat(info.getPointsCount()).isZero();
    VectorParams params = info.getConfig().getParams().getVectorsConfig().getParams();
    assertThat(params.getSize()).isEqualTo(4);
    assertThat(params.getDistance()).isEqualTo(Distance.Cosine);
    assertThat(info.getConfig().getHnswConfig().getM()).isEqualTo(32);
  }

  @Test
  void a_collection_cannot_be_made_twice() {
    store.collection("products", 4, Distance.Cosine);
    assertThat(failure(() -> store.collection("products", 4, Distance.Cosine)))
        .satisfies(
            status -> {
              assertThat(status.getCode()).isEqualTo(Code.ALREADY_EXISTS);
              assertThat(status.getDescription()).contains("products", "already exists");
            });
  }

  @Test
  void what_does_not_exist_is_not_found() {
    assertThat(failure(() -> get(store.client.getCollectionInfoAsync("none"))).getCode())
        .isEqualTo(Code.NOT_FOUND);
    assertThat(failure(() -> store.count("none")).getDescription()).contains("none");
    assertThat(failure(() -> store.upsert("none", point(1, Map.of()))).getCode())
        .isEqualTo(Code.NOT_FOUND);
    assertThat(
            failure(
                    () ->
                        get(
                            store.client.updateCollectionAsync(
                                UpdateCollection.newBuilder().setCollectionName("none").build())))
                .getCode())
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void a_vector_of_no_size_and_an_empty_name_are_refused() {
    assertThat(failure(() -> store.collection("c", 0, Distance.Cosine)).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(failure(() -> store.collection("a/b", 4, Distance.Cosine)).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void a_deleted_collection_is_gone_and_its_name_starts_afresh() {
    store.collection("c", 2, Distance.Dot);
    get(
        store.client.createPayloadIndexAsync(
            "c", "colour", PayloadSchemaType.Keyword, null, true, null, null));
    store.upsert("c", point(1, Map.of("colour", value("red")), 1, 2));

    get(store.client.deleteCollectionAsync("c"));
    assertThat(get(store.client.collectionExistsAsync("c"))).isFalse();

    store.payloadCollection("c");
    assertThat(store.count("c")).isZero();
    assertThat(store.retrieve("c", 1)).isNull();
    assertThat(store.matching("c", StoreFixture.keyword("colour", "red"))).isEmpty();
    assertThat(get(store.client.getCollectionInfoAsync("c")).getPayloadSchemaMap()).isEmpty();
  }

  @Test
  void an_update_changes_the_settings_that_it_names() {
    store.collection("c", 2, Distance.Dot);
    get(
        store.client.updateCollectionAsync(
            UpdateCollection.newBuilder()
                .setCollectionName("c")
                .setStrictModeConfig(StrictModeConfig.newBuilder().setConditionMaxSize(200))
                .build()));
    CollectionInfo info = get(store.client.getCollectionInfoAsync("c"));
    assertThat(info.getConfig().getStrictModeConfig().getConditionMaxSize()).isEqualTo(200);
    assertThat(info.getConfig().getHnswConfig().getM()).isEqualTo(16);
  }

  @Test
  void payload_indexes_are_listed_with_their_type() {
    store.payloadCollection("c");
    for (PayloadSchemaType type :
        new PayloadSchemaType[] {
          PayloadSchemaType.Keyword, PayloadSchemaType.Integer, PayloadSchemaType.Datetime
        }) {
      get(
          store.client.createPayloadIndexAsync(
              "c", "field." + type.name(), type, null, true, null, null));
    }
    assertThat(get(store.client.getCollectionInfoAsync("c")).getPayloadSchemaMap())
        .hasSize(3)
        .hasEntrySatisfying(
            "field.Keyword",
            info -> assertThat(info.getDataType()).isEqualTo(PayloadSchemaType.Keyword))
        .hasEntrySatisfying(
            "field.Datetime",
            info -> assertThat(info.getDataType()).isEqualTo(PayloadSchemaType.Datetime));
  }
}
