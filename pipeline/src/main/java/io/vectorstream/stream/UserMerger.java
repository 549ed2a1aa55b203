package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.merge.UserState;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Chunks;
import io.vectorstream.store.Fence;
import io.vectorstream.store.UserCollection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step that adds a batch's deltas to the users in the store. */
public final class UserMerger {

  private static final Logger log = LoggerFactory.getLogger(UserMerger.class);

  private static final int MERGED_AT_ONCE = 500;

  private final TaskSettings settings;
  private final BatchMark batch;
  private final String mark;
  private final TextVectors products;
  private final UserCollection store;

  /** The collection of users that this one may lack; null if it lacks none. */
  private final UserCollection originals;

  private final EmbeddingService embeddings;
  private final TextEmbedder embedder;
  private final Fence fence;

  /**
   * @param fence of the turn in which the batch is merged
   * @param products the embeddings of the product texts in the batch, by their hashes
   */
  public UserMerger(
      TaskSettings settings,
      BatchMark batch,
      Fence fence,
      TextVectors products,
      TextEmbedder embedder) {
    this(settings, null, batch, fence, products, embedder);
  }

  /**
   * Makes a merger for collections that may lack what was stored before: a user who is only in the
   * other collections, or was changed only there, is left to the copy.
   *
   * @param copiedFrom the settings of the collections that lack nothing; null if these are such
   */
  UserMerger(
      TaskSettings settings,
      TaskSettings copiedFrom,
      BatchMark batch,
      Fence fence,
      TextVectors products,
      TextEmbedder embedder) {
    this.originals = copiedFrom == null ? null : new UserCollection(copiedFrom.qdrant());
    this.fence = TaskAttempt.of(fence);
    this.embedder = embedder;
    this.settings = settings;
    this.batch = batch;
    this.mark = batch.toString();
    this.products = products;
    this.store = new UserCollection(settings.qdrant());
    this.embeddings = settings.embeddings();
  }

  static Iterator<List<UserDelta>> chunks(Iterator<UserDelta> deltas) {
    return Chunks.of(deltas, MERGED_AT_ONCE, UserDelta::size);
  }

  /**
   * Merges and stores; one delta a user. While the users of one chunk are merged and written, those
   * of the next are read.
   */
  public void merge(Iterator<List<UserDelta>> chunks) {
    List<UserDelta> next = chunks.hasNext() ? chunks.next() : null;
    Supplier<Map<String, UserState>> nextKnown = reading(next);
    while (next != null) {
      List<UserDelta> deltas = next;
      Supplier<Map<String, UserState>> known = nextKnown;
      next = chunks.hasNext() ? chunks.next() : null;
      nextKnown = reading(next);
      merge(deltas, known.get());
    }
  }

  /** Merges and stores for several models, one after another in their order, chunk by chunk. */
  static void merge(Iterator<List<UserDelta>> chunks, List<UserMerger> mergers) {
    if (mergers.size() == 1) {
      mergers.get(0).merge(chunks);
      return;
    }
    chunks.forEachRemaining(
        chunk -> mergers.forEach(merger -> merger.merge(List.of(chunk).iterator())));
  }

  private Supplier<Map<String, UserState>> reading(List<UserDelta> deltas) {
    return deltas == null
        ? null
        : store.reading(deltas.stream().map(UserDelta::userId).toList(), fence);
  }

  /** Leaves out those who are left to the copy. */
  private List<UserDelta> admitted(List<UserDelta> deltas, Map<String, UserState> known) {
    if (originals == null) {
      return deltas;
    }
    Map<String, String> marks = originals.marks(deltas.stream().map(UserDelta::userId).toList());
    return deltas.stream()
        .filter(
            delta -> {
              UserState copy = known.get(delta.userId());
              String original = marks.get(delta.userId());
              return copy == null
                  ? original == null
                  : copy.batch().equals(mark) || copy.batch().equals(original);
            })
        .toList();
  }

  private void merge(List<UserDelta> all, Map<String, UserState> known) {
    List<UserDelta> deltas = admitted(all, known);
    Settings.Interest interest = settings.interest();
    known
        .values()
        .forEach(state -> Checkpoint.requireNewest(settings.checkpoint(), batch, state.batch()));
    TextVectors queries = embedQueries(deltas);
    Decay decay = new Decay(interest.halfLife());
    List<UserState> changed = new ArrayList<>();
    for (UserDelta delta : deltas) {
      UserState before = known.getOrDefault(delta.userId(), UserState.unknown(delta.userId()));
      UserState after = before.plus(delta, products, queries, decay, interest.lastProducts(), mark);
      if (after != before) {
        UserState bounded = after.withPendingAtMost(interest.pendingTexts());
        InterestBounds.leftOut(
            delta.leftOut()
                + after.interest().pending().count()
                - bounded.interest().pending().count());
        changed.add(bounded);
      }
    }
    if (!changed.isEmpty()) {
      store.store(changed, embeddings.modelName(), fence);
    }
  }

  private TextVectors embedQueries(List<UserDelta> deltas) {
    Map<String, String> queries = new LinkedHashMap<>();
    deltas.forEach(delta -> delta.queries().forEach(query -> queries.put(query, query)));
    TextVectors embedded = embedder.embedQueries(queries);
    warnOfFailed(embedded);
    return embedded;
  }

  static void warnOfFailed(TextVectors queries) {
    queries
        .failed()
        .forEach(
            (query, reason) ->
                log.warn(
                    "a search adds nothing to the interest of its user: cannot embed {}",
                    new EmbeddingException.FailedText(query, reason)));
  }
}
