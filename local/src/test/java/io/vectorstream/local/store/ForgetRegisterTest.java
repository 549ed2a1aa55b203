package io.vectorstream.local.store;

import static io.vectorstream.local.store.StoreFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.UserState;
import io.vectorstream.shop.EventType;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.ForgottenElsewhere;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.PointVectors;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.UserErasure;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traces of a forgotten user, and late writes of writers that do not know of it. */
class ForgetRegisterTest {
  private static final float[] VECTOR = {0, 1, 0, 0};
  private static final String ADA = "ada-4711";

  /** A user's own UUID is told by no point either. */
  private static final String UUID_OF_A_USER = "0b0e5ee2-8a2b-4c8e-9a86-9b9c9f1f3a77";

  @TempDir Path folder;
  private StoreFixture server;
  private Settings.Qdrant settings;
  private VectorStore store;
  private ForgetRegister register;
  private UserErasure erasure;

  @BeforeEach
  void start() {
    server = new StoreFixture(folder);
    settings =
        SettingsLoader.load(
                Optional.empty(),
                Map.of(),
                List.of("qdrant.host=127.0.0.1", "qdrant.port=" + server.store.port()))
            .qdrant();
    store = VectorStore.connect(settings);
    new CollectionSchemas(store, VECTOR.length, ModelIdentity.named("model")).ensure(true, true);
    register = new ForgetRegister(store);
    erasure = new UserErasure(store);
  }

  @AfterEach
  void stop() {
    VectorStore.closeShared(settings);
    store.close();
    server.close();
  }

  @Test
  void nothing_tells_who_was_forgotten_and_everybody_who_asks_knows_it() {
    for (String user : List.of(ADA, UUID_OF_A_USER)) {
      storeUser(user);
      storeEvents(user, 450);
      register.add(List.of(user));
      assertThat(erasure.removeUser(user)).isTrue();
      assertThat(erasure.anonymiseEvents(user)).isEqualTo(450);
      register.done(Set.of(user));
    }

    assertThat(everything())
        .hasSize(2 + 900 + 1)
        .allSatisfy(
            point -> {
              assertThat(point.toString()).doesNotContain(ADA).doesNotContain(UUID_OF_A_USER);
              assertThat(PointVectors.of(point)).isNull();
            });
    ForgetRegister another = new ForgetRegister(store);
    assertThat(another.current().contains(ADA)).isTrue();
    assertThat(another.current().contains(UUID_OF_A_USER)).isTrue();
    assertThat(another.current().contains("grace")).isFalse();
    assertThat(store.countUsers()).isZero();
    assertThat(erasure.removeUser(ADA)).isFalse();
  }

  @Test
  void a_request_is_known_at_once_and_until_it_is_done() {
    ForgetRegister driver = new ForgetRegister(store);
    assertThat(driver.current().isEmpty()).isTrue();

    register.add(List.of(ADA));

    assertThat(driver.current().contains(ADA)).isTrue();
    assertThat(driver.waiting()).containsExactly(ADA);
    assertThat(register.waiting(List.of(ADA, "grace"))).containsExactly(ADA);
    erasure.removeUser(ADA);
    driver.done(driver.waiting());
    assertThat(register.waiting(List.of(ADA, "grace"))).isEmpty();
    assertThat(driver.current().contains(ADA)).isTrue();
    assertThat(driver.waiting()).isEmpty();
  }

  /** A process that has stood still since before the user was forgotten makes such a write. */
  @Test
  void a_late_write_of_an_event_changes_nothing() {
    EventCollection events = new EventCollection(settings);
    List<ShopEvent> late = storeEvents(ADA, 3);
    erasure.anonymiseEvents(ADA);
    List<RetrievedPoint> before = everything();

    events.await(events.store(late, vectors(3), "q:1:p"));

    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void an_event_that_still_has_a_user_is_written_over() {
    EventCollection events = new EventCollection(settings);
    List<ShopEvent> stored = storeEvents(ADA, 1);

    events.await(events.store(List.of(stored.get(0).withoutUser()), null, "q:1:p"));

    assertThat(everything()).hasSize(1).noneMatch(point -> point.toString().contains(ADA));
  }

  /** A part of a batch that was made smaller marks anew what a larger try has stored. */
  @Test
  void an_event_without_a_user_is_marked_anew_by_one_without() {
    EventCollection events = new EventCollection(settings);
    List<ShopEvent> stored = storeEvents(ADA, 2);
    erasure.anonymiseEvents(ADA);

    events.await(
        events.store(List.of(stored.get(0), stored.get(1).withoutUser()), null, "q:1:p.1"));

    assertThat(everything())
        .extracting(point -> point.getPayloadOrThrow("batch").getStringValue())
        .containsExactlyInAnyOrder("q:1:p", "q:1:p.1");
    assertThat(everything()).noneMatch(point -> point.toString().contains(ADA));
  }

  @Test
  void a_late_write_of_the_user_changes_nothing_and_stops_nobody() {
    storeUser(ADA);
    erasure.removeUser(ADA);
    List<RetrievedPoint> before = everything();
    UserCollection users = new UserCollection(store);

    // The latest writer that there is.
    Fence fence = Ledger.takeOver(settings, "a test").nextTurn();
    assertThat(users.states(List.of(ADA), fence)).isEmpty();
    storeUser(ADA);

    assertThat(everything()).containsAll(before);
    assertThat(users.states(List.of(ADA))).isEmpty();
  }

  /** A pipeline that makes a new ledger goes by the highest fence stored. */
  @Test
  void where_the_ledger_is_lost_the_next_one_begins_above_the_writers_and_not_above_that() {
    erasure.removeUser(ADA);

    assertThat(Ledger.takeOver(settings, "a test").entry().epoch()).isEqualTo(1);
  }

  @Test
  void who_is_forgotten_in_another_collection_is_forgotten_here() {
    VectorStore earlier = anotherPipelines();
    new UserErasure(earlier).removeUsers(List.of(ADA, UUID_OF_A_USER, "grace"));
    storeUser(ADA);
    storeUser("linus");
    storeEvents(ADA, 450);
    // As a batch that was killed leaves them: without a point of their user.
    storeEvents(UUID_OF_A_USER, 3);
    storeEvents("linus", 2);
    erasure.removeUser("grace");
    ForgetRegister driver = new ForgetRegister(store);
    assertThat(driver.current().contains(ADA)).isFalse();
    ForgottenElsewhere elsewhere = new ForgottenElsewhere(store);
    String name = earlier.collections().users();
    assertThat(elsewhere.find()).isEqualTo(Map.of(name, 3L));

    assertThat(elsewhere.takeOver(name)).isEqualTo(2);

    assertThat(driver.current().points()).hasSize(3);
    assertThat(everything())
        .noneMatch(point -> point.toString().contains(ADA))
        .noneMatch(point -> point.toString().contains(UUID_OF_A_USER))
        // The user's own point, and two events.
        .filteredOn(point -> point.toString().contains("linus"))
        .hasSize(3);
    storeUser(UUID_OF_A_USER);
    UserCollection users = new UserCollection(store);
    assertThat(users.states(List.of(UUID_OF_A_USER, ADA, "linus"))).containsOnlyKeys("linus");
    assertThat(elsewhere.takeOver(name)).isZero();
    assertThatThrownBy(() -> elsewhere.takeOver(earlier.collections().products()))
        .hasMessageContaining("collection 'products-1'")
        .hasMessageContaining("is none of users");
    earlier.close();
  }

  private VectorStore anotherPipelines() {
    Settings.Qdrant named =
        SettingsLoader.load(
                Optional.empty(),
                Map.of(),
                List.of(
                    "qdrant.host=127.0.0.1",
                    "qdrant.port=" + server.store.port(),
                    "qdrant.collections.products=products-1",
                    "qdrant.collections.events=events-1",
                    "qdrant.collections.users=users-1",
                    "qdrant.collections.activity=activity-1",
                    "qdrant.collections.pairs=pairs-1",
                    "qdrant.collections.state=state-1"))
            .qdrant();
    VectorStore earlier = VectorStore.connect(named);
    new CollectionSchemas(earlier, VECTOR.length, ModelIdentity.named("another model"))
        .ensure(true, true);
    return earlier;
  }

  private void storeUser(String user) {
    new UserCollection(store)
        .store(List.of(UserState.unknown(user)), "model", new Fence((1L << 53) - 1));
  }

  private List<ShopEvent> storeEvents(String user, int count) {
    List<ShopEvent> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(
          new ShopEvent(
              0,
              i,
              1_000_000,
              UUID.randomUUID().toString(),
              "1970-01-01T00:00:01Z",
              1_000_000,
              user,
              EventType.SEARCH,
              "session of " + user,
              null,
              null,
              null,
              null,
              null,
              "the words of " + user));
    }
    EventCollection events = new EventCollection(settings);
    events.await(events.store(all, vectors(count), "q:1:p"));
    return all;
  }

  private static List<float[]> vectors(int count) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      vectors.add(VECTOR);
    }
    return vectors;
  }

  private List<RetrievedPoint> everything() {
    List<RetrievedPoint> points = new ArrayList<>();
    Settings.Collections names = settings.collections();
    for (String collection : List.of(names.users(), names.events(), names.state())) {
      points.addAll(
          get(server.client.scrollAsync(
                  ScrollPoints.newBuilder()
                      .setCollectionName(collection)
                      .setLimit(20_000)
                      .setWithPayload(WithPayloadSelectorFactory.enable(true))
                      .setWithVectors(WithVectorsSelectorFactory.enable(true))
                      .build()))
              .getResultList());
    }
    return points;
  }
}
