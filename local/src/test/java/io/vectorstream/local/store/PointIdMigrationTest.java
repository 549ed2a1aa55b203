package io.vectorstream.local.store;

import static io.qdrant.client.ValueFactory.value;
import static io.vectorstream.local.store.StoreFixture.get;
import static io.vectorstream.local.store.StoreFixture.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.qdrant.client.PointIdFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.PointIdMigration;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.PointVectors;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Points that an earlier version stored at UUIDs of their own. */
class PointIdMigrationTest {
  private static final int DIMENSION = 4;
  private static final float[] VECTOR = {0, 1, 0, 0};

  /** The UUID that the program makes of the name "user123". */
  private static final String MADE = "836ec5a8-ad3c-568b-85fb-46f730249145";

  private static final String OTHER = "00000000-0000-5000-8000-000000000001";
  private static final String RANDOM = "0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77";

  @TempDir Path folder;
  private StoreFixture server;
  private VectorStore store;
  private Settings.Collections names;

  @BeforeEach
  void start() {
    server = new StoreFixture(folder);
    store =
        VectorStore.connect(
            SettingsLoader.load(
                    Optional.empty(),
                    Map.of(),
                    List.of("qdrant.host=127.0.0.1", "qdrant.port=" + server.store.port()))
                .qdrant());
    names = store.collections();
    new CollectionSchemas(store, DIMENSION, ModelIdentity.named("model")).ensure(false, true);
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  @Test
  void a_point_at_an_old_id_moves_to_its_new_one_with_vector_and_payload() {
    storeAsBefore(names.events(), OTHER, event(OTHER));
    storeAsBefore(names.products(), OTHER, product(OTHER), VECTOR);
    storeAsBefore(names.users(), OTHER, user(OTHER), VECTOR);

    new PointIdMigration(store).move(0);

    assertThat(only(names.events()).getPayloadMap()).isEqualTo(event(OTHER));
    assertThat(only(names.products()).getPayloadMap()).isEqualTo(product(OTHER));
    assertThat(only(names.users()).getPayloadMap()).isEqualTo(user(OTHER));
    for (String collection : List.of(names.events(), names.products())) {
      assertThat(only(collection).getId()).isEqualTo(PointIds.point(OTHER));
    }
    assertThat(only(names.users()).getId()).isEqualTo(PointIds.user(OTHER));
    assertThat(PointVectors.of(only(names.events()))).isNull();
    assertThat(PointVectors.of(only(names.products()))).containsExactly(VECTOR);
    assertThat(PointVectors.of(only(names.users()))).containsExactly(VECTOR);
  }

  @Test
  void points_at_new_ids_stay_where_they_are() {
    server.upsert(names.events(), StoreFixture.point(PointIds.point(RANDOM), event(RANDOM)));
    server.upsert(
        names.users(),
        StoreFixture.point(PointIds.user(RANDOM), user(RANDOM), VECTOR),
        // A name's, at the id that the version-5 UUID had before.
        StoreFixture.point(at(MADE), user("user123"), VECTOR));
    Map<PointId, Map<String, Value>> events = all(names.events());
    Map<PointId, Map<String, Value>> users = all(names.users());

    new PointIdMigration(store).move(0);

    assertThat(all(names.events())).isEqualTo(events);
    assertThat(all(names.users())).isEqualTo(users);
  }

  /** A point under a user's own UUID would tell the id of a user who is forgotten. */
  @Test
  void a_users_own_uuid_is_nobodys_point_any_more() {
    storeAsBefore(names.users(), RANDOM, user(RANDOM), VECTOR);
    storeAsBefore(names.users(), OTHER, user(OTHER), VECTOR);
    storeAsBefore(names.events(), RANDOM, event(RANDOM));

    new PointIdMigration(store).move(2);

    assertThat(all(names.users()))
        .isEqualTo(
            Map.of(
                PointIds.user(RANDOM), user(RANDOM),
                PointIds.user(OTHER), user(OTHER)));
    assertThat(only(names.events()).getId()).isEqualTo(at(RANDOM));
  }

  @Test
  void the_place_of_a_name_is_free_for_it_afterwards() {
    storeAsBefore(names.users(), MADE, user(MADE), VECTOR);

    new PointIdMigration(store).move(0);
    server.upsert(
        names.users(), StoreFixture.point(PointIds.point("user123"), user("user123"), VECTOR));

    assertThat(all(names.users()).values()).containsExactlyInAnyOrder(user(MADE), user("user123"));
  }

  @Test
  void a_second_move_changes_nothing() {
    storeAsBefore(names.users(), OTHER, user(OTHER), VECTOR);
    new PointIdMigration(store).move(0);
    Map<PointId, Map<String, Value>> moved = all(names.users());

    new PointIdMigration(store).move(0);

    assertThat(all(names.users())).isEqualTo(moved);
  }

  /** Between the copy and the deletion. */
  @Test
  void a_move_that_was_cut_off_is_finished_by_the_next() {
    storeAsBefore(names.users(), OTHER, user(OTHER), VECTOR);
    new PointIdMigration(store).move(0);
    Map<PointId, Map<String, Value>> moved = all(names.users());
    storeAsBefore(names.users(), OTHER, user(OTHER), VECTOR);

    new PointIdMigration(store).move(0);

    assertThat(all(names.users())).isEqualTo(moved);
  }

  @Test
  void many_are_moved_page_by_page() {
    int points = 12_000;
    List<PointStruct> batch = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      // Every third has to move.
      long version = i % 3 == 0 ? 0x5000 : 0x4000;
      String id = new UUID(((long) i << 40) | version, 0x8000_0000_0000_0000L | i).toString();
      batch.add(StoreFixture.point(at(id), event(id)));
    }
    get(server.client.upsertAsync(names.events(), batch));

    new PointIdMigration(store).move(0);

    Map<PointId, Map<String, Value>> moved = all(names.events());
    assertThat(moved).hasSize(points);
    moved.forEach(
        (at, payload) ->
            assertThat(at).isEqualTo(PointIds.point(payload.get("event_id").getStringValue())));
  }

  private static Map<String, Value> event(String id) {
    return Map.of("event_id", value(id), "batch", value("q:1:p"));
  }

  private static Map<String, Value> product(String id) {
    return Map.of(
        "product", object(Map.of("id", value(id), "name", value("Lamp"))), "model", value("model"));
  }

  private static Map<String, Value> user(String id) {
    return Map.of("user_id", value(id), "counts", object(Map.of("view", value(7))));
  }

  private void storeAsBefore(
      String collection, String id, Map<String, Value> payload, float... vector) {
    server.upsert(collection, StoreFixture.point(at(id), payload, vector));
  }

  private static PointId at(String uuid) {
    return PointIdFactory.id(UUID.fromString(uuid));
  }

  private RetrievedPoint only(String collection) {
    List<RetrievedPoint> points = scroll(collection);
    assertThat(points).hasSize(1);
    return points.get(0);
  }

  private Map<PointId, Map<String, Value>> all(String collection) {
    return scroll(collection).stream()
        .collect(Collectors.toMap(RetrievedPoint::getId, RetrievedPoint::getPayloadMap));
  }

  private List<RetrievedPoint> scroll(String collection) {
    return get(server.client.scrollAsync(
            ScrollPoints.newBuilder()
                .setCollectionName(collection)
                .setLimit(20_000)
                .setWithPayload(WithPayloadSelectorFactory.enable(true))
                .setWithVectors(WithVectorsSelectorFactory.enable(true))
                .build()))
        .getResultList();
  }
}
