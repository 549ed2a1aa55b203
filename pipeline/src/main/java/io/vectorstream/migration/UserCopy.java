package io.vectorstream.migration;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EmbeddingService.Embedded;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.StandIn;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.merge.UserState;
import io.vectorstream.store.Chunks;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.StoredPage;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.UserEvents;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The copies of stored users, whose interests are made again of all their events with another
 * model's vectors, by the arithmetic of a batch.
 *
 * <p>Events are read, and texts embedded, while batches go on. A user whom a batch has changed
 * since then is read again between two batches, when every stored event is in every sum.
 */
final class UserCopy {

  static final int PAGE = 100;

  /**
   * The texts of one product that are told apart, where a batch has a smaller bound: here are all
   * that a product ever had.
   */
  private static final int TEXTS_PER_PRODUCT = 1_000;

  /** The events of the users that are made again together, if there is more than one. */
  private static final int EVENTS = 20_000;

  private static final int PRODUCTS_AT_ONCE = 500;

  private static final Duration EMBEDDING = Duration.ofMinutes(1);

  /** The time for embedding what came since, while a batch may wait. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Settings.Interest settings;
  private final Decay decay;
  private final UserCollection originals;
  private final UserCollection copies;
  private final ProductCollection products;
  private final UserEvents events;
  private final EmbeddingService embeddings;

  UserCopy(Side inUse, Side other) {
    this.settings = other.settings().interest().withTextsPerProduct(TEXTS_PER_PRODUCT);
    this.decay = new Decay(settings.halfLife());
    this.originals = new UserCollection(inUse.settings().qdrant());
    this.copies = new UserCollection(other.settings().qdrant());
    this.products = new ProductCollection(other.settings().qdrant());
    this.events = new UserEvents(other.settings().qdrant());
    this.embeddings = other.embeddings();
  }

  /**
   * Some users who are to be copied.
   *
   * @param page what was read of them
   * @param ids of those who have no copy yet
   */
  record Prepared(StoredPage<UserState> page, List<String> ids, Remade remade) {}

  /**
   * Users with new interests.
   *
   * @param users by id; none of whom some text is not embedded
   * @param inPart those of whom not every event is stored
   */
  private record Remade(Map<String, UserState> users, Set<String> inPart) {}

  /** Makes the next users again who have no copy; called beside batches. */
  Prepared prepare(String from) {
    StoredPage<UserState> page = originals.page(from, PAGE);
    Map<String, UserState> lacking = new LinkedHashMap<>();
    Map<String, String> marks = copies.marks(ids(page.states()));
    page.states()
        .forEach(
            user -> {
              if (!user.batch().equals(marks.get(user.userId()))) {
                lacking.put(user.userId(), user);
              }
            });
    return new Prepared(page, List.copyOf(lacking.keySet()), remade(lacking, EMBEDDING));
  }

  private static List<String> ids(List<UserState> users) {
    return users.stream().map(UserState::userId).toList();
  }

  /**
   * Writes the copies; called between batches while none is unfinished.
   *
   * @return how many users are copied in part; empty if some have to be prepared again
   */
  Optional<Integer> write(Prepared prepared, Fence fence) {
    originals.copyForgotten(prepared.page().forgotten(), copies);
    if (prepared.ids().isEmpty()) {
      return Optional.of(0);
    }
    Map<String, UserState> present = originals.states(prepared.ids(), fence);
    Map<String, String> marks = copies.marks(prepared.ids());
    present.values().removeIf(user -> user.batch().equals(marks.get(user.userId())));
    Map<String, UserState> copied = new HashMap<>();
    Map<String, UserState> changed = new HashMap<>();
    present.forEach(
        (id, user) -> {
          UserState remade = prepared.remade().users().get(id);
          if (remade != null && remade.batch().equals(user.batch())) {
            copied.put(id, remade);
          } else {
            changed.put(id, user);
          }
        });
    Set<String> inPart = new LinkedHashSet<>(prepared.remade().inPart());
    inPart.retainAll(copied.keySet());
    Remade again = remade(changed, SOON);
    copied.putAll(again.users());
    inPart.addAll(again.inPart());
    if (!copied.isEmpty()) {
      copies.store(List.copyOf(copied.values()), embeddings.modelName(), fence);
    }
    return copied.size() == present.size() ? Optional.of(inPart.size()) : Optional.empty();
  }

  private Remade remade(Map<String, UserState> users, Duration atMost) {
    Remade all = new Remade(new HashMap<>(), new LinkedHashSet<>());
    Chunks.of(
            users.values().iterator(),
            PAGE,
            user -> user.counts().total() * Chunks.LARGEST / EVENTS)
        .forEachRemaining(
            some -> {
              Remade part = remade(some, atMost);
              all.users().putAll(part.users());
              all.inPart().addAll(part.inPart());
            });
    return all;
  }

  private Remade remade(List<UserState> users, Duration atMost) {
    Deltas deltas = new Deltas(settings);
    events.forEach(ids(users), deltas::add);
    Map<String, UserDelta> byUser = new HashMap<>();
    deltas.users().forEach(delta -> byUser.put(delta.userId(), delta));
    Remade remade = new Remade(new HashMap<>(), new LinkedHashSet<>());
    Optional<TextVectors> ofProducts = productTexts(List.copyOf(deltas.products()), atMost);
    Optional<TextVectors> ofQueries = queries(byUser.values(), atMost);
    if (ofProducts.isEmpty() || ofQueries.isEmpty()) {
      return remade;
    }
    for (UserState user : users) {
      UserDelta delta = byUser.get(user.userId());
      remade
          .users()
          .put(user.userId(), user.remade(delta, ofProducts.get(), ofQueries.get(), decay));
      if (!user.consistsOf(delta)) {
        remade.inPart().add(user.userId());
      }
    }
    return remade;
  }

  /** Returns the embeddings of all texts; empty if there was no time for some of them. */
  private Optional<TextVectors> productTexts(List<ProductDelta> deltas, Duration atMost) {
    Map<String, float[]> vectors = new HashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, ProductState> states = new HashMap<>();
    Chunks.of(deltas.iterator(), PRODUCTS_AT_ONCE, ProductDelta::size)
        .forEachRemaining(
            some -> {
              ProductCollection.Stored stored =
                  products.read(some.stream().map(ProductDelta::productId).toList(), Fence.READER);
              states.putAll(stored.states());
              stored
                  .states()
                  .forEach(
                      (id, state) -> {
                        float[] vector = stored.vectors().get(id);
                        if (vector != null && !state.isPending()) {
                          vectors.put(state.newest().textHash(), vector);
                        }
                      });
            });
    deltas.forEach(delta -> texts.putAll(delta.textsByHash(states.get(delta.productId()))));
    vectors.keySet().retainAll(texts.keySet());
    texts.keySet().removeAll(vectors.keySet());
    Embedded embedded = embeddings.embedEach(List.copyOf(texts.values()), atMost);
    if (!embedded.left().isEmpty()) {
      return Optional.empty();
    }
    TextVectors computed = TextVectors.of(texts, embedded);
    TextVectors all = TextVectors.union(List.of(new TextVectors(vectors, Map.of()), computed));
    Map<String, StandIn> standIns = new HashMap<>();
    deltas.forEach(
        delta -> {
          ProductState state = states.get(delta.productId());
          if (state != null) {
            StandIn.of(delta, state, all)
                .ifPresent(standIn -> standIns.put(delta.productId(), standIn));
          }
        });
    return Optional.of(all.withStandIns(standIns));
  }

  private Optional<TextVectors> queries(Iterable<UserDelta> users, Duration atMost) {
    Map<String, String> queries = new LinkedHashMap<>();
    users.forEach(user -> user.queries().forEach(query -> queries.put(query, query)));
    Embedded embedded = embeddings.embedQueries(List.copyOf(queries.values()), atMost);
    return embedded.left().isEmpty()
        ? Optional.of(TextVectors.of(queries, embedded))
        : Optional.empty();
  }
}
