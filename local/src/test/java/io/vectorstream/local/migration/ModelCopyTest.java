package io.vectorstream.local.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.qdrant.client.grpc.Common.PointId;
import io.vectorstream.config.ModelSettings;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.local.store.SmallModels;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserState;
import io.vectorstream.migration.ModelCopy;
import io.vectorstream.migration.ModelInUse;
import io.vectorstream.migration.ModelMigrations;
import io.vectorstream.migration.Sides;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.Fence;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.ModelCollections;
import io.vectorstream.store.ModelRegister;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.UserErasure;
import io.vectorstream.store.VectorStore;
import io.vectorstream.stream.ProductMerger;
import io.vectorstream.stream.TaskSettings;
import io.vectorstream.stream.TextEmbedder;
import io.vectorstream.stream.UserMerger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of what is stored for another model, on the embedded store and with tiny models. */
class ModelCopyTest {

  private static final long NOW = 1_705_314_600_000_000L;
  private static final long HOUR = 3_600_000_000L;

  @TempDir private Path temp;

  private TemporaryVectorStore server;
  private Settings settings;
  private Settings next;
  private VectorStore store;
  private Ledger ledger;
  private boolean allDone = true;

  @BeforeEach
  void start() throws IOException {
    server = TemporaryVectorStore.start("model-copy");
    settings = SmallModels.settings(server, SmallModels.folder(temp, "prompts"));
    next = SmallModels.settings(server, SmallModels.folder(temp, "new-max"));
    store = VectorStore.connect(settings.qdrant());
    prepare(settings, store);
    ledger = Ledger.takeOver(settings.qdrant(), "test");
    ledger.note(service(settings).modelName(), PointIds.SCHEME);
    merge(settings, 1, first());
    merge(settings, 2, second());
  }

  @AfterEach
  void stop() {
    EmbeddingService.allShared().forEach(EmbeddingService::close);
    VectorStore.closeShared(settings.qdrant());
    store.close();
    server.close();
  }

  @Test
  void a_copy_is_what_batches_with_the_other_model_would_have_stored() throws Exception {
    ModelState ready = copied();

    Settings alone = next.withModel(next.embedding(), "alone-products", "alone-users");
    try (VectorStore its = VectorStore.connect(alone.qdrant())) {
      prepare(alone, its);
      merge(alone, 1, first());
      merge(alone, 2, second());
      assertSame(alone, of(ready.other()));
    } finally {
      VectorStore.closeShared(alone.qdrant());
    }
    assertThat(ready.progress().inPart()).isZero();
    assertThat(ready.progress().products()).isEqualTo(ready.progress().productsInAll());
    assertThat(ready.progress().users()).isEqualTo(ready.progress().usersInAll());
  }

  @Test
  void a_copy_that_a_replaced_pipeline_has_written_late_is_made_again() throws Exception {
    ModelState begun = begin();
    Settings other = of(begun.other());
    UserState late =
        new UserCollection(settings.qdrant())
            .states(List.of("ada"))
            .get("ada")
            .remade(null, TextVectors.NONE, TextVectors.NONE, null);
    UserState ofAnEarlierBatch =
        new UserState(
            late.userId(),
            late.counts(),
            late.lastProducts(),
            late.trail(),
            late.firstSeenMicros(),
            late.lastSeenMicros(),
            late.interest(),
            "q:0:0");
    new UserCollection(other.qdrant())
        .store(List.of(ofAnEarlierBatch), begun.other().model(), Fence.NONE);

    ModelState ready = copyAll(begun);

    UserState copy =
        new UserCollection(of(ready.other()).qdrant()).states(List.of("ada")).get("ada");
    assertThat(copy.batch()).isEqualTo(new BatchMark("q", 2, "0").toString());
    assertThat(copy.interest().direction()).isNotNull();
  }

  @Test
  void users_with_deleted_events_keep_their_weight_and_are_counted() throws Exception {
    delete("e-1");

    ModelState ready = copied();

    assertThat(ready.progress().inPart()).isEqualTo(1);
    UserState original = user(settings, "ada");
    UserState copy = user(of(ready.other()), "ada");
    assertThat(copy.interest().weight()).isEqualTo(original.interest().weight());
    assertThat(copy.counts().areEqual(original.counts())).isTrue();
    // Two views of the mug are left of three actions.
    float[] mug =
        new ProductCollection(of(ready.other()).qdrant()).vectors(List.of("mug")).get("mug");
    assertThat(SmallModels.cosine(copy.interest().direction(), mug)).isCloseTo(1, within(1e-5));
  }

  @Test
  void a_forgotten_user_is_forgotten_in_the_copy() throws Exception {
    new UserErasure(store).removeUser("ada");

    ModelState ready = copied();

    UserCollection copies = new UserCollection(of(ready.other()).qdrant());
    assertThat(copies.states(List.of("ada", "bob"))).containsOnlyKeys("bob");
    assertThat(copies.count()).isEqualTo(2);
  }

  @Test
  void nothing_is_copied_while_a_batch_is_unfinished() throws Exception {
    begin();
    allDone = false;
    ModelCopy copy = copy();
    for (int i = 0; i < 5; i++) {
      assertThat(copy.step()).isFalse();
    }
    assertThat(state().progress().startedAt()).isEmpty();
    assertThat(new ProductCollection(of(state().other()).qdrant()).count()).isZero();
  }

  @Test
  void a_switch_and_the_way_back_are_one_change_each_and_dropping_ends_it() throws Exception {
    assertThatThrownBy(() -> models().switchOver(false)).hasMessageContaining("migrate --to");
    begin();
    assertThatThrownBy(() -> models().switchOver(false))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("waits for the pipeline; expected everything that was stored");
    assertThatThrownBy(() -> models().dropOld()).hasMessageContaining("`model switch` before");
    copyAll(state());

    ModelState switched = models().switchOver(false);
    assertThat(ModelInUse.of(settings, store).qdrant().collections().products())
        .isEqualTo(switched.inUse().products())
        .isNotEqualTo(settings.qdrant().collections().products());
    assertThatThrownBy(() -> models().cancel()).hasMessageContaining("`model switch-back` before");
    assertThat(models().switchBack().switched()).isFalse();
    assertThat(models().switchOver(false).switched()).isTrue();

    models().dropOld();
    ModelCopy copy = copy();
    await()
        .until(
            () -> {
              copy.step();
              return state().phase() == Phase.SETTLED;
            });
    assertThat(store.collectionNames())
        .doesNotContain("products", "users")
        .contains(state().inUse().products(), state().inUse().users());
  }

  @Test
  void a_state_that_others_have_changed_is_not_written_over() throws Exception {
    ModelState begun = begin();
    ModelRegister register = new ModelRegister(store);
    models().cancel();

    assertThat(register.replace(begun, begun.in(Phase.READY))).isEmpty();
    assertThat(state().phase()).isEqualTo(Phase.DROPPING);
  }

  @Test
  void the_model_in_use_is_refused_under_any_path() throws IOException {
    Path link = temp.resolve("another-name");
    Files.createSymbolicLink(link, Path.of(settings.embedding().model()));
    Settings same = SmallModels.settings(server, link);
    EmbeddingService service = service(same);

    assertThatThrownBy(
            () ->
                models()
                    .begin(
                        service.identity(),
                        service.dimension(),
                        ModelSettings.of(same.embedding())))
        .hasMessageContaining("is the one in use");
  }

  @Test
  void another_migration_is_refused_and_the_same_one_goes_on() throws Exception {
    ModelState begun = begin();
    assertThat(begin()).isEqualTo(begun);
    Settings third = SmallModels.settings(server, SmallModels.folder(temp, "new-cls"));
    EmbeddingService service = service(third);

    assertThatThrownBy(
            () ->
                models()
                    .begin(
                        service.identity(),
                        service.dimension(),
                        ModelSettings.of(third.embedding())))
        .hasMessageContaining("a migration to the model new-max@")
        .hasMessageContaining("`model cancel` first");
  }

  @Test
  void a_model_that_cannot_be_loaded_stops_nothing_and_is_told() throws Exception {
    begin();
    Path folder = Path.of(next.embedding().model());
    EmbeddingService.allShared().stream()
        .filter(service -> service.identity().name().equals("new-max"))
        .forEach(EmbeddingService::close);
    Files.move(folder, temp.resolve("moved"));
    ModelCopy copy = copy();

    await()
        .until(
            () -> {
              assertThat(copy.step()).isFalse();
              return !state().problem().isEmpty();
            });
    assertThat(state().problem()).contains("new-max");
    assertThat(state().phase()).isEqualTo(Phase.COPYING);
  }

  @Test
  void a_lost_state_of_the_models_is_refused_with_the_collections_to_choose_from()
      throws Exception {
    ModelState begun = begin();
    store.delete(settings.qdrant().collections().state());
    Sides sides = Sides.open(settings, store);

    assertThatThrownBy(() -> sides.requireKnown(store))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(begun.other().products())
        .hasMessageContaining(begun.other().users())
        .hasMessageContaining("which model is in use is not known any more");
  }

  private ModelState copied() throws Exception {
    return copyAll(begin());
  }

  private ModelState begin() {
    EmbeddingService service = service(next);
    return models()
        .begin(service.identity(), service.dimension(), ModelSettings.of(next.embedding()));
  }

  private ModelState copyAll(ModelState begun) {
    ModelCopy copy = copy();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              copy.step();
              return state().phase() == Phase.READY;
            });
    assertThat(state().number()).isEqualTo(begun.number());
    return state();
  }

  private ModelCopy copy() {
    return new ModelCopy(
        Sides.open(settings, store), ledger, step -> step.getAsBoolean(), () -> allDone);
  }

  private ModelMigrations models() {
    return new ModelMigrations(settings, store);
  }

  private ModelState state() {
    return new ModelRegister(store).find().orElseThrow();
  }

  private Settings of(ModelCollections model) {
    return settings.withModel(settings.embedding(), model.products(), model.users());
  }

  private static UserState user(Settings settings, String id) {
    return new UserCollection(settings.qdrant()).states(List.of(id)).get(id);
  }

  private void assertSame(Settings expected, Settings actual) {
    List<String> ids = List.of("mug", "lamp", "boots");
    ProductCollection.Stored before =
        new ProductCollection(expected.qdrant()).read(ids, Fence.READER);
    ProductCollection.Stored after = new ProductCollection(actual.qdrant()).read(ids, Fence.READER);
    assertThat(after.states().keySet()).isEqualTo(before.states().keySet());
    before
        .states()
        .forEach(
            (id, product) -> {
              ProductState copy = after.states().get(id);
              assertThat(copy.newest()).isEqualTo(product.newest());
              assertThat(copy.model()).isEqualTo(product.model());
              assertThat(copy.batch()).isEqualTo(product.batch());
              assertThat(copy.counts().areEqual(product.counts())).isTrue();
              assertThat(copy.hasPending()).isFalse();
              assertThat(SmallModels.cosine(after.vectors().get(id), before.vectors().get(id)))
                  .isCloseTo(1, within(1e-5));
            });
    for (String id : List.of("ada", "bob")) {
      UserState user = user(expected, id);
      UserState copy = user(actual, id);
      assertThat(copy.batch()).isEqualTo(user.batch());
      assertThat(copy.lastProducts()).isEqualTo(user.lastProducts());
      assertThat(copy.interest().weight()).isCloseTo(user.interest().weight(), within(1e-9));
      assertThat(copy.interest().length()).isCloseTo(user.interest().length(), within(1e-6));
      assertThat(copy.interest().atMicros()).isEqualTo(user.interest().atMicros());
      assertThat(SmallModels.cosine(copy.interest().direction(), user.interest().direction()))
          .isCloseTo(1, within(1e-6));
    }
  }

  private static List<ShopEvent> first() {
    return List.of(
        event(1, 0, "ada", EventType.PURCHASE, product("lamp", "A red lamp"), null),
        event(2, 1, "ada", EventType.VIEW, product("mug", "A mug"), null),
        event(3, 2, "bob", EventType.VIEW, product("boots", "Hiking boots"), null),
        event(4, 3, "bob", EventType.SEARCH, null, "boots for hiking"));
  }

  private static List<ShopEvent> second() {
    return List.of(
        event(5, 30, "ada", EventType.VIEW, product("mug", "A mug"), null),
        event(6, 31, "bob", EventType.ADD_TO_CART, product("boots", "Boots, now warm"), null));
  }

  private static Product product(String id, String name) {
    return new Product(id, name, "", "Things", 10);
  }

  private static ShopEvent event(
      long offset, long hours, String user, EventType type, Product product, String query) {
    return new ShopEvent(
        0,
        offset,
        NOW + hours * HOUR,
        "e-" + offset,
        Instant.EPOCH.plus(NOW + hours * HOUR, ChronoUnit.MICROS).toString(),
        NOW + hours * HOUR,
        user,
        type,
        "s-1",
        product,
        product == null ? null : 1L,
        product == null ? null : product.price(),
        null,
        null,
        query);
  }

  private void merge(Settings model, int number, List<ShopEvent> events) {
    BatchMark batch = new BatchMark("q", number, "0");
    new EventCollection(settings.qdrant())
        .store(events, Collections.nCopies(events.size(), null), batch.toString())
        .join();
    Deltas deltas = new Deltas(model.interest());
    events.forEach(deltas::add);
    TaskSettings tasks = TaskSettings.of(model);
    Fence fence = ledger.nextTurn();
    TextEmbedder embedder =
        new TextEmbedder(service(model), Duration.ofMinutes(1), nanos -> {}, left -> {});
    TextVectors products =
        new ProductMerger(tasks, batch, fence, embedder).merge(List.copyOf(deltas.products()));
    new UserMerger(tasks, batch, fence, products, embedder)
        .merge(List.of(List.copyOf(deltas.users())).iterator());
  }

  private void delete(String eventId) {
    List<PointId> one = List.of(PointIds.point(eventId));
    store.ask(client -> client.deleteAsync(settings.qdrant().collections().events(), one));
  }

  private static EmbeddingService service(Settings settings) {
    return EmbeddingService.shared(settings.embedding());
  }

  private static void prepare(Settings settings, VectorStore store) {
    EmbeddingService service = service(settings);
    new CollectionSchemas(store, service.dimension(), service.identity()).ensure(false, true);
  }
}
