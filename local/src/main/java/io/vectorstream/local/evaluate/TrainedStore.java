package io.vectorstream.local.evaluate;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.PairDelta;
import io.vectorstream.merge.PairDeltas;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.ProductPairs;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.Trail;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.merge.UserState;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.Fence;
import io.vectorstream.store.PairCollection;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An embedded vector store of its own with the points that the pipeline would have stored for these
 * events, written by the same classes: without Kafka and Spark, and with all events in one batch.
 */
final class TrainedStore implements AutoCloseable {

  private static final int AT_ONCE = 500;
  private static final String MARK = "evaluation:0:0";

  private static final String PAIRS = "interest.pairs.partners=50";

  private final TemporaryVectorStore server;
  private final Settings settings;
  private final VectorStore store;
  private final List<ShopEvent> training;
  private final String model;
  private final String embedding;
  private final TextVectors products;
  private final TextVectors queries;

  /**
   * Embeds all texts, and stores events and products.
   *
   * @param settingsOf returns the settings, with the address of the store on top
   */
  TrainedStore(
      List<ShopEvent> training,
      Function<List<String>, Settings> settingsOf,
      TextEmbedding.Listener listener)
      throws InterruptedException {
    this.training = training;
    this.server = TemporaryVectorStore.start("evaluate");
    VectorStore opened = null;
    try {
      settings = withPairs(settingsOf, server.settings());
      opened = VectorStore.connect(settings.qdrant());
      store = opened;
      Deltas deltas = deltas(settings.interest());
      Map<String, String> productTexts = new LinkedHashMap<>();
      Map<String, String> queryTexts = new LinkedHashMap<>();
      deltas.products().forEach(product -> productTexts.putAll(product.textsByHash()));
      deltas.users().forEach(user -> user.queries().forEach(q -> queryTexts.put(q, q)));
      try (EmbeddingService embeddings = EmbeddingService.open(settings.embedding())) {
        model = embeddings.modelName();
        embedding = embeddings.description();
        TextEmbedding texts =
            new TextEmbedding(embeddings, productTexts.size() + queryTexts.size(), listener);
        products = texts.embed(productTexts);
        queries = texts.embedQueries(queryTexts);
        new CollectionSchemas(store, embeddings.dimension(), embeddings.identity())
            .ensure(false, true);
      }
      storeEvents();
      storeProducts(deltas);
      storePairs(settings.interest());
    } catch (RuntimeException | InterruptedException | Error e) {
      close(opened);
      throw e;
    }
  }

  private Deltas deltas(Settings.Interest interest) {
    Deltas deltas = new Deltas(interest);
    training.forEach(deltas::add);
    return deltas;
  }

  private void storeEvents() {
    EventCollection events = new EventCollection(settings.qdrant());
    for (List<ShopEvent> part : Lists.partition(training, AT_ONCE)) {
      events.await(events.store(part, null, MARK));
    }
  }

  private void storeProducts(Deltas deltas) {
    ProductCollection collection = new ProductCollection(settings.qdrant());
    for (List<ProductDelta> part : Lists.partition(List.copyOf(deltas.products()), AT_ONCE)) {
      Map<String, float[]> vectors = new HashMap<>();
      part.forEach(
          delta ->
              vectors.put(delta.productId(), products.vectors().get(delta.newest().textHash())));
      collection.store(
          part.stream().map(delta -> ProductState.of(delta, model, MARK)).toList(),
          vectors,
          Fence.NONE);
    }
  }

  /** Returns the settings, with pairs counted even if the pipeline does not: they are compared. */
  private static Settings withPairs(
      Function<List<String>, Settings> settingsOf, List<String> address) {
    Settings given = settingsOf.apply(address);
    return given.interest().pairs().areCounted()
        ? given
        : settingsOf.apply(ImmutableList.<String>builder().addAll(address).add(PAIRS).build());
  }

  private void storePairs(Settings.Interest interest) {
    Map<String, Trail> trails = new HashMap<>();
    PairDeltas pairs = new PairDeltas(interest);
    for (ShopEvent event : training) {
      Deltas one = new Deltas(interest);
      one.add(event);
      for (UserDelta user : one.users()) {
        Trail before = trails.getOrDefault(user.userId(), Trail.NONE);
        trails.put(user.userId(), pairs.add(user, before));
      }
    }
    PairCollection collection = new PairCollection(store);
    Decay decay = PairDeltas.decay(interest);
    int most = interest.pairs().partners();
    for (List<PairDelta> part : Lists.partition(List.copyOf(pairs.products()), AT_ONCE)) {
      collection.store(
          part.stream()
              .map(delta -> ProductPairs.none(delta.productId()).plus(delta, most, decay, MARK))
              .toList(),
          Fence.NONE);
    }
  }

  /** Stores all users with interests by these settings, in place of earlier interests. */
  void storeUsers(Settings.Interest interest) {
    UserCollection collection = new UserCollection(settings.qdrant());
    Decay decay = new Decay(interest.halfLife());
    List<UserDelta> deltas = List.copyOf(deltas(interest).users());
    for (List<UserDelta> part : Lists.partition(deltas, AT_ONCE)) {
      collection.store(
          part.stream()
              .map(
                  delta ->
                      UserState.unknown(delta.userId())
                          .plus(delta, products, queries, decay, interest.lastProducts(), MARK))
              .toList(),
          model,
          Fence.NONE);
    }
  }

  Settings settings() {
    return settings;
  }

  /** Returns the engine that has embedded the texts, in one line. */
  String embedding() {
    return embedding;
  }

  Recommender recommender(Settings.Recommend asked) {
    return new Recommender(store, asked);
  }

  @Override
  public void close() {
    VectorStore.closeShared(settings.qdrant());
    close(store);
  }

  /**
   * @param store null if it was not opened
   */
  private void close(VectorStore store) {
    try (server) {
      if (store != null) {
        store.close();
      }
    }
  }
}
