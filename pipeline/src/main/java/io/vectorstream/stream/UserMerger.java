package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.merge.UserState;
import io.vectorstream.store.UserCollection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.util.LongAccumulator;

/** Adds a batch's deltas to the users in the store. */
final class UserMerger {

  private final Settings.Interest settings;
  private final String batch;
  private final Map<String, float[]> productVectors;
  private final UserCollection store;
  private final EmbeddingService embeddings;
  private final LongAccumulator embedNanos;

  /**
   * @param productVectors the embedding of every product text in the batch, by its hash
   */
  UserMerger(
      Settings settings,
      String batch,
      Map<String, float[]> productVectors,
      LongAccumulator embedNanos) {
    this.embedNanos = embedNanos;
    this.settings = settings.interest();
    this.batch = batch;
    this.productVectors = productVectors;
    this.store = new UserCollection(settings.qdrant());
    this.embeddings = EmbeddingService.shared(settings.embedding());
  }

  /** Merges and stores; one delta a user. */
  void merge(List<UserDelta> deltas) {
    Map<String, UserState> known = store.states(deltas.stream().map(UserDelta::userId).toList());
    Map<String, float[]> queryVectors = embedQueries(deltas);
    Decay decay = new Decay(settings.halfLife());
    List<UserState> changed = new ArrayList<>();
    for (UserDelta delta : deltas) {
      UserState before = known.getOrDefault(delta.userId(), UserState.unknown(delta.userId()));
      UserState after =
          before.plus(delta, productVectors, queryVectors, decay, settings.lastProducts(), batch);
      if (after != before) {
        changed.add(after);
      }
    }
    if (!changed.isEmpty()) {
      store.store(changed);
    }
  }

  private Map<String, float[]> embedQueries(List<UserDelta> deltas) {
    List<String> queries =
        deltas.stream().flatMap(delta -> delta.queries().stream()).distinct().toList();
    long start = System.nanoTime();
    List<float[]> embedded = embeddings.embed(queries);
    embedNanos.add(System.nanoTime() - start);
    Map<String, float[]> vectors = new HashMap<>();
    for (int i = 0; i < queries.size(); i++) {
      vectors.put(queries.get(i), embedded.get(i));
    }
    return vectors;
  }
}
