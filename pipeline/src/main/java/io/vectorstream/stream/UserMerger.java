package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.merge.UserState;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.UserCollection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds a batch's deltas to the users in the store. */
final class UserMerger {

  private static final Logger log = LoggerFactory.getLogger(UserMerger.class);

  private static final int MERGED_AT_ONCE = 500;

  private final Settings settings;
  private final BatchMark batch;
  private final String mark;
  private final Map<String, float[]> productVectors;
  private final UserCollection store;
  private final EmbeddingService embeddings;
  private final LongConsumer embedNanos;

  /**
   * @param productVectors the embedding of every product text in the batch, by its hash, but for
   *     those that the model fails on
   * @param embedNanos takes the time spent on embedding
   */
  UserMerger(
      Settings settings,
      BatchMark batch,
      Map<String, float[]> productVectors,
      LongConsumer embedNanos) {
    this.embedNanos = embedNanos;
    this.settings = settings;
    this.batch = batch;
    this.mark = batch.toString();
    this.productVectors = productVectors;
    this.store = new UserCollection(settings.qdrant());
    this.embeddings = EmbeddingService.shared(settings.embedding());
  }

  static Iterator<List<UserDelta>> chunks(Iterator<UserDelta> deltas) {
    return Chunks.of(deltas, MERGED_AT_ONCE, UserDelta::size);
  }

  /** Merges and stores; one delta a user. */
  void merge(List<UserDelta> deltas) {
    Settings.Interest interest = settings.interest();
    Map<String, UserState> known = store.states(deltas.stream().map(UserDelta::userId).toList());
    known.values().forEach(state -> Checkpoint.requireNewest(settings, batch, state.batch()));
    Map<String, float[]> queryVectors = embedQueries(deltas);
    Decay decay = new Decay(interest.halfLife());
    List<UserState> changed = new ArrayList<>();
    for (UserDelta delta : deltas) {
      UserState before = known.getOrDefault(delta.userId(), UserState.unknown(delta.userId()));
      UserState after =
          before.plus(delta, productVectors, queryVectors, decay, interest.lastProducts(), mark);
      if (after != before) {
        changed.add(after);
      }
    }
    if (!changed.isEmpty()) {
      store.store(changed, embeddings.modelName());
    }
  }

  private Map<String, float[]> embedQueries(List<UserDelta> deltas) {
    List<String> queries =
        deltas.stream().flatMap(delta -> delta.queries().stream()).distinct().toList();
    long start = System.nanoTime();
    EmbeddingService.Embedded embedded = embeddings.embedEach(queries);
    embedNanos.accept(System.nanoTime() - start);
    embedded
        .failures()
        .forEach(failure -> log.warn("a search counts for no interest: cannot embed {}", failure));
    Map<String, float[]> vectors = new HashMap<>();
    for (int i = 0; i < queries.size(); i++) {
      if (embedded.vectors().get(i) != null) {
        vectors.put(queries.get(i), embedded.vectors().get(i));
      }
    }
    return vectors;
  }
}
