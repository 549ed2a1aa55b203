package io.vectorstream.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.Engagement;
import io.vectorstream.merge.PairDelta;
import io.vectorstream.merge.PairDeltas;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductPairs;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.Trail;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.merge.UserState;
import io.vectorstream.search.Recommendations;
import io.vectorstream.search.Recommender;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import io.vectorstream.store.Because;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.Fence;
import io.vectorstream.store.FencedException;
import io.vectorstream.store.PairCollection;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Products that the same users turn to, in a shop whose products' texts say nothing of it. */
class TogetherTest {

  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  /** Products by what their texts are about: lamps and tea have nothing in common. */
  private static final Map<String, float[]> VECTORS =
      Map.of(
          "lamp", new float[] {1, 0, 0, 0},
          "lamp-2", new float[] {0.96f, 0.28f, 0, 0},
          "lamp-3", new float[] {0.8f, 0.6f, 0, 0},
          "tea", new float[] {0, 0, 1, 0},
          "pot", new float[] {0, 0, 0, 1});

  @TempDir Path folder;
  private StoreFixture server;
  private Settings settings;
  private VectorStore store;
  private final List<ShopEvent> events = new ArrayList<>();

  @BeforeEach
  void start() {
    server = new StoreFixture(folder);
    settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of(
                "qdrant.host=127.0.0.1",
                "qdrant.port=" + server.store.port(),
                "interest.pairs.partners=50"));
    store = VectorStore.connect(settings.qdrant());
    new CollectionSchemas(store, 4, ModelIdentity.named("model")).ensure(false, true);
  }

  @AfterEach
  void stop() {
    VectorStore.closeShared(settings.qdrant());
    store.close();
    server.close();
  }

  @Test
  void a_user_is_recommended_what_others_turned_to_who_turned_to_the_same() {
    for (int i = 0; i < 20; i++) {
      happens(EventType.PURCHASE, "other-" + i, "lamp");
      happens(EventType.PURCHASE, "other-" + i, "tea");
    }
    happens(EventType.VIEW, "ada", "lamp");
    storeAll();

    assertThat(recommended("ada", 0))
        .extracting(ProductHit::id)
        .as("by texts alone")
        .startsWith("lamp-2", "lamp-3");
    ProductHit first = recommended("ada", 2).get(0);
    assertThat(first.id()).isEqualTo("tea");
    assertThat(first.because()).isEqualTo(new Because("lamp", "lamp", "bought"));
    assertThat(first.score()).as("the cosine stays the score").isCloseTo(0, within(1e-6));
    assertThat(recommended("ada", 2)).extracting(ProductHit::id).contains("lamp-2", "lamp-3");
  }

  @Test
  void few_pairs_count_little_beside_nearness() {
    happens(EventType.VIEW, "other", "lamp");
    happens(EventType.VIEW, "other", "pot");
    happens(EventType.VIEW, "ada", "lamp");
    storeAll();

    assertThat(recommended("ada", 1)).first().extracting(ProductHit::id).isEqualTo("lamp-2");
  }

  @Test
  void what_was_bought_together_comes_before_what_was_in_one_cart() {
    happens(EventType.PURCHASE, "ada", "lamp");
    happens(EventType.PURCHASE, "ada", "tea");
    for (int i = 0; i < 3; i++) {
      happens(EventType.ADD_TO_CART, "other-" + i, "lamp");
      happens(EventType.ADD_TO_CART, "other-" + i, "pot");
      happens(EventType.VIEW, "other-" + i, "lamp-2");
    }
    storeAll();

    Recommender recommender = new Recommender(store, settings.recommend());
    assertThat(recommender.together(List.of("lamp"), SearchFilter.NONE, 10))
        .extracting(ProductHit::id, hit -> Math.round(hit.score()))
        .containsExactly(tuple("tea", 1L), tuple("pot", 3L));
    assertThat(recommender.together(List.of("lamp", "tea"), SearchFilter.NONE, 10))
        .extracting(ProductHit::id)
        .as("for a cart with both")
        .containsExactly("pot");
    assertThat(recommender.together(List.of("unheard-of"), SearchFilter.NONE, 10)).isEmpty();
  }

  @Test
  void pairs_come_back_as_they_were_stored_and_a_late_writer_changes_nothing() {
    PairCollection collection = new PairCollection(store);
    Decay decay = PairDeltas.decay(settings.interest());
    PairDelta delta = new PairDelta("lamp");
    delta.add("tea", Engagement.BOUGHT, 1_700_000_000_000_001L, decay);
    delta.add("müller, \"pot\"", Engagement.SEEN, 1_700_000_000_000_001L, decay);
    ProductPairs pairs = ProductPairs.none("lamp").plus(delta, 1, decay, "q:1:0");

    collection.store(List.of(pairs), new Fence(5));
    ProductPairs read = collection.pairs(List.of("lamp", "unheard-of")).get("lamp");

    assertThat(read.batch()).isEqualTo("q:1:0");
    assertThat(read.atMicros()).isEqualTo(1_700_000_000_000_001L);
    assertThat(read.partners()).hasSize(1);
    assertThat(read.total()).isEqualTo(2);
    assertThat(read.rest().total()).isEqualTo(1);
    collection.store(List.of(pairs.plus(delta, 1, decay, "q:2:0")), new Fence(4));
    assertThat(collection.pairs(List.of("lamp")).get("lamp").batch()).isEqualTo("q:1:0");
    assertThatThrownBy(() -> collection.pairs(List.of("lamp"), new Fence(4)))
        .isInstanceOf(FencedException.class);
  }

  private List<ProductHit> recommended(String user, double pairs) {
    Recommendations found =
        new Recommender(store, new Settings.Recommend(0, 0, pairs))
            .forUser(user, SearchFilter.NONE, 3, 0, false);
    return found.products();
  }

  private void happens(EventType type, String user, String product) {
    long micros = NOW.getEpochSecond() * 1_000_000 + events.size();
    events.add(
        new ShopEvent(
            0,
            events.size(),
            micros,
            "e" + events.size(),
            NOW.toString(),
            micros,
            user,
            type,
            "s",
            new Product(product, product, null, null, 5),
            null,
            null,
            null,
            null,
            null));
  }

  /** Stores what a batch of all events would have stored. */
  private void storeAll() {
    Settings.Interest interest = settings.interest();
    EventCollection stored = new EventCollection(settings.qdrant());
    stored.await(stored.store(events, null, "q:0:0"));
    Deltas deltas = new Deltas(interest);
    events.forEach(deltas::add);
    Map<String, float[]> byText = new HashMap<>();
    ProductCollection products = new ProductCollection(settings.qdrant());
    Map<String, ProductState> states = new HashMap<>();
    for (ProductDelta delta : deltas.products()) {
      byText.put(delta.newest().textHash(), VECTORS.get(delta.productId()));
      states.put(delta.productId(), ProductState.of(delta, "model", "q:0:0"));
    }
    VECTORS.keySet().stream()
        .filter(id -> !states.containsKey(id))
        .forEach(id -> states.put(id, notSeen(id)));
    products.store(List.copyOf(states.values()), VECTORS, Fence.NONE);
    Decay decay = new Decay(interest.halfLife());
    PairDeltas pairs = new PairDeltas(interest);
    List<UserState> users = new ArrayList<>();
    for (UserDelta user : deltas.users()) {
      pairs.add(user, Trail.NONE);
      users.add(
          UserState.unknown(user.userId())
              .plus(
                  user,
                  new TextVectors(byText, Map.of()),
                  TextVectors.NONE,
                  decay,
                  interest.lastProducts(),
                  "q:0:0"));
    }
    new UserCollection(settings.qdrant()).store(users, "model", Fence.NONE);
    Decay ofPairs = PairDeltas.decay(interest);
    new PairCollection(store)
        .store(
            pairs.products().stream()
                .map(
                    delta -> ProductPairs.none(delta.productId()).plus(delta, 50, ofPairs, "q:0:0"))
                .toList(),
            Fence.NONE);
  }

  private static ProductState notSeen(String id) {
    Deltas one = new Deltas(SettingsLoader.defaults().interest());
    one.add(
        new ShopEvent(
            0,
            0,
            1,
            "of-" + id,
            NOW.toString(),
            1,
            null,
            EventType.VIEW,
            null,
            new Product(id, id, null, null, 5),
            null,
            null,
            null,
            null,
            null));
    return ProductState.of(one.products().iterator().next(), "model", "q:0:0");
  }
}
