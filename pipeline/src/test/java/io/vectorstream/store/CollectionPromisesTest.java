package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.vectorstream.config.SettingsLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectionPromisesTest {

  @ParameterizedTest
  @CsvSource({
    "majority, 3, 1, true",
    "majority, 3, 2, false",
    "majority, 2, 1, false",
    "quorum, 5, 2, true",
    "all, 3, 1, false",
    "1, 3, 2, true",
    "1, 3, 3, false",
    "1, 3, 9, false",
    "1, 1, 1, false"
  })
  void reads_and_writes_that_need_not_meet_in_a_copy_are_warned_of(
      String reads, int copies, int written, boolean warned) {
    List<String> warnings = warnings(params(1, copies, written), "read_consistency=" + reads);

    assertThat(warnings).hasSize(warned ? 1 : 0);
    if (warned) {
      assertThat(warnings.get(0))
          .startsWith("collection 'products' at localhost:6334 keeps " + copies + " copies")
          .contains("counts can be lost", "write_consistency_factor to " + (copies / 2 + 1));
    }
  }

  @Test
  void a_collection_that_is_not_as_new_ones_shall_be_is_told() {
    assertThat(
            warnings(
                params(1, 2, 2),
                "shard_number=6",
                "replication_factor=2",
                "write_consistency_factor=1"))
        .singleElement()
        .asString()
        .endsWith(
            "differs from what the settings say of new ones: qdrant.replication.shard_number is 6, it"
                + " has 1, qdrant.replication.write_consistency_factor is 1, it has 2");
  }

  @Test
  void a_layout_that_is_not_as_new_ones_get_it_is_told() {
    CollectionConfig config =
        CollectionConfig.newBuilder()
            .setParams(
                params(1, 1, 1).toBuilder()
                    .setOnDiskPayload(false)
                    .setVectorsConfig(
                        VectorsConfig.newBuilder()
                            .setParams(VectorParams.newBuilder().setSize(384).setOnDisk(true))))
            .setHnswConfig(HnswConfigDiff.newBuilder().setM(32).setEfConstruct(100))
            .build();
    try (VectorStore store = store("qdrant.layout.quantization=int8")) {
      assertThat(new CollectionPromises(store, "products", config).warnings())
          .singleElement()
          .asString()
          .endsWith(
              ": qdrant.layout.on_disk_payload is true, it has false,"
                  + " qdrant.layout.on_disk_vectors is false, it has true,"
                  + " qdrant.layout.hnsw_m is 16, it has 32,"
                  + " qdrant.layout.quantization is int8, it has none");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2",
    "qdrant.addresses=a:1, 2",
    "'qdrant.addresses=a:1,b:1,c:1', 6",
    "qdrant.replication.shard_number=5, 5",
    "qdrant.layout.event_shards=3, 3",
  })
  void new_events_get_two_shards_a_node_unless_the_settings_say(String setting, int shards) {
    try (VectorStore store = setting.isEmpty() ? store() : store(setting)) {
      assertThat(store.shards("events")).isEqualTo(shards);
    }
  }

  @Test
  void shards_that_nobody_has_asked_for_are_not_missed() {
    CollectionConfig one = CollectionConfig.newBuilder().setParams(params(1, 1, 1)).build();
    try (VectorStore store = store();
        VectorStore asked = store("qdrant.layout.event_shards=4")) {
      assertThat(new CollectionPromises(store, "events", one).warnings()).isEmpty();
      assertThat(new CollectionPromises(asked, "events", one).warnings())
          .singleElement()
          .asString()
          .endsWith("qdrant.layout.event_shards is 4, it has 1");
    }
  }

  @Test
  void a_strict_mode_below_what_calls_need_is_refused_with_the_way_out() {
    CollectionConfig config =
        CollectionConfig.newBuilder()
            .setParams(params(1, 1, 1))
            .setStrictModeConfig(
                StrictModeConfig.newBuilder().setEnabled(true).setUpsertMaxBatchsize(100))
            .build();
    try (VectorStore store = store()) {
      CollectionPromises promises = new CollectionPromises(store, "events", config);

      assertThatThrownBy(promises::check)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("upsert_max_batchsize 100, but the pipeline's calls need 2000");
    }
  }

  private static CollectionParams params(int shards, int copies, int written) {
    return CollectionParams.newBuilder()
        .setShardNumber(shards)
        .setOnDiskPayload(true)
        .setReplicationFactor(copies)
        .setWriteConsistencyFactor(written)
        .build();
  }

  private static List<String> warnings(CollectionParams params, String... replication) {
    CollectionConfig config = CollectionConfig.newBuilder().setParams(params).build();
    try (VectorStore store =
        store(
            Stream.of(replication)
                .map(one -> "qdrant.replication." + one)
                .toArray(String[]::new))) {
      return new CollectionPromises(store, "products", config).warnings();
    }
  }

  private static VectorStore store(String... settings) {
    return VectorStore.connect(
        SettingsLoader.load(Optional.empty(), Map.of(), List.of(settings)).qdrant());
  }
}
