package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Futures;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.vectorstream.config.Settings;
import io.vectorstream.stream.PipelineException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServices.class)
class CollectionsIT {
  private static final int DIMENSION = 384;

  @Test
  void collections_and_payload_indexes_are_created_when_missing_and_kept_when_present(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      deployment.send(
          Shop.event("view", "ada", Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8)));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(1);
      }
      assertCollections(deployment);

      try (RunningPipeline again = deployment.start()) {
        assertCollections(deployment);
        assertThat(again.totals().records()).isZero();
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(1);
    }
  }

  private static void assertCollections(Deployment deployment) {
    Settings.Collections names = deployment.settings().qdrant().collections();
    QdrantClient client = deployment.stored().client();
    assertCosine(client, names.products());
    assertCosine(client, names.users());
    assertThat(config(client, names.events()).getParamsMap().getMapMap())
        .as("vectors of events")
        .isEmpty();
    assertThat(config(client, names.events()).hasParams()).as("vector of events").isFalse();

    assertIndexed(
        client,
        names.products(),
        Map.of(
            "product.id",
            PayloadSchemaType.Keyword,
            "product.price",
            PayloadSchemaType.Float,
            "categories",
            PayloadSchemaType.Keyword));
    assertIndexed(
        client,
        names.events(),
        Map.of(
            "user_id",
            PayloadSchemaType.Keyword,
            "product.id",
            PayloadSchemaType.Keyword,
            "event_type",
            PayloadSchemaType.Keyword,
            "timestamp",
            PayloadSchemaType.Datetime));
    assertIndexed(client, names.users(), Map.of("user_id", PayloadSchemaType.Keyword));
  }

  private static void assertCosine(QdrantClient client, String collection) {
    VectorParams params = config(client, collection).getParams();
    assertThat(params.getSize()).as(collection).isEqualTo(DIMENSION);
    assertThat(params.getDistance()).as(collection).isEqualTo(Distance.Cosine);
  }

  private static VectorsConfig config(QdrantClient client, String collection) {
    return info(client, collection).getConfig().getParams().getVectorsConfig();
  }

  private static CollectionInfo info(QdrantClient client, String collection) {
    return Futures.getUnchecked(client.getCollectionInfoAsync(collection));
  }

  /** Waits for the index: a server may list it a moment after it has acknowledged it. */
  private static void assertIndexed(
      QdrantClient client, String collection, Map<String, PayloadSchemaType> expected) {
    await()
        .atMost(Deployment.PATIENCE)
        .untilAsserted(
            () -> {
              Map<String, PayloadSchemaType> indexed = new HashMap<>();
              info(client, collection)
                  .getPayloadSchemaMap()
                  .forEach((field, schema) -> indexed.put(field, schema.getDataType()));
              assertThat(indexed).as(collection).containsAllEntriesOf(expected);
            });
  }

  @Test
  void a_collection_with_vectors_of_another_size_is_refused_and_left_alone(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      String products = deployment.settings().qdrant().collections().products();
      create(deployment, products, 100, Distance.Cosine);
      assertThatThrownBy(deployment::start)
          .isInstanceOf(PipelineException.class)
          .message()
          .contains(products, "100", "384")
          .doesNotContain("\n");
      assertThat(config(deployment.stored().client(), products).getParams().getSize())
          .isEqualTo(100);
    }
  }

  @Test
  void a_collection_with_another_distance_is_refused_and_left_alone(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      String users = deployment.settings().qdrant().collections().users();
      create(deployment, users, DIMENSION, Distance.Euclid);
      assertThatThrownBy(deployment::start)
          .isInstanceOf(PipelineException.class)
          .message()
          .contains(users, "Euclid", "Cosine")
          .doesNotContain("\n");
      assertThat(config(deployment.stored().client(), users).getParams().getDistance())
          .isEqualTo(Distance.Euclid);
    }
  }

  private static void create(
      Deployment deployment, String collection, int size, Distance distance) {
    Futures.getUnchecked(
        deployment
            .stored()
            .client()
            .createCollectionAsync(
                collection, VectorParams.newBuilder().setSize(size).setDistance(distance).build()));
  }
}
