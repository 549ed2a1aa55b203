package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.vectorstream.config.SettingsLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
          .hasMessageContaining("upsert_max_batchsize 100, but the pipeline's calls need 500");
    }
  }

  private static CollectionParams params(int shards, int copies, int written) {
    return CollectionParams.newBuilder()
        .setShardNumber(shards)
        .setReplicationFactor(copies)
        .setWriteConsistencyFactor(written)
        .build();
  }

  private static List<String> warnings(CollectionParams params, String... replication) {
    CollectionConfig config = CollectionConfig.newBuilder().setParams(params).build();
    try (VectorStore store = store(replication)) {
      return new CollectionPromises(store, "products", config).warnings();
    }
  }

  private static VectorStore store(String... replication) {
    List<String> settings =
        List.of(replication).stream().map(one -> "qdrant.replication." + one).toList();
    return VectorStore.connect(SettingsLoader.load(Optional.empty(), Map.of(), settings).qdrant());
  }
}
