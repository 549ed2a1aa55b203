package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.migration.Side;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.ForgottenUsers;
import io.vectorstream.store.StoredBatches;
import io.vectorstream.store.StoredBatches.StoredBatch;
import io.vectorstream.store.UserErasure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The merge of a batch, repeated from the events that it has stored, under the batch's own name:
 * points that contain the batch already are left alone.
 */
final class StoredBatchMerge {

  private static final Logger log = LoggerFactory.getLogger(StoredBatchMerge.class);

  private final Settings settings;
  private final List<Side> models;
  private final Fence fence;
  private final StoredBatches events;

  /**
   * @param models whose products and users are changed, the one in use last
   */
  StoredBatchMerge(Settings settings, List<Side> models, Fence fence) {
    this.models = models;
    this.settings = settings;
    this.fence = fence;
    this.events = new StoredBatches(settings.qdrant());
  }

  /** Merges each query's last batch, which a version with no ledger may not have finished. */
  void mergeLast() {
    events.lastBatches().forEach(this::merge);
  }

  void merge(StoredBatch batch) {
    log.info(
        "making sure that the {} events of batch {} are counted, whose checkpoint is gone",
        batch.points().size(),
        batch.mark());
    Deltas deltas = new Deltas(settings.interest());
    ForgottenUsers forgotten =
        new ForgetRegister(models.get(models.size() - 1).settings().qdrant()).current();
    Set<String> stillStored = new HashSet<>();
    events.forEach(
        batch,
        event -> {
          if (!event.isWithoutUser() && forgotten.contains(event.userId())) {
            stillStored.add(event.userId());
            deltas.add(event.withoutUser());
          } else {
            deltas.add(event);
          }
        });
    UserErasure erasure = new UserErasure(settings.qdrant());
    stillStored.forEach(erasure::anonymiseEvents);

    List<SideTasks> sides = SideTasks.of(models);
    mergePairs(SideTasks.whole(sides), deltas, batch.mark());
    sides.forEach(side -> merge(side, deltas, batch.mark()));
    new ActivityMerger(TaskSettings.of(settings), batch.mark(), fence).merge(deltas.minutes());
  }

  private void mergePairs(TaskSettings settings, Deltas deltas, BatchMark mark) {
    if (PairMerger.counts(settings)) {
      PairMerger pairs = new PairMerger(settings, mark, fence);
      pairs.merge(pairs.deltas(deltas.users().iterator()).iterator());
    }
  }

  private void merge(SideTasks side, Deltas deltas, BatchMark mark) {
    TextEmbedder embedder =
        new TextEmbedder(
            side.settings().embeddings(),
            settings.stream().embeddingTime(),
            nanos -> {},
            left -> {});
    ProductMerger products = side.products(mark, fence, embedder);
    List<TextVectors> vectors = new ArrayList<>();
    ProductMerger.chunks(deltas.products().iterator())
        .forEachRemaining(chunk -> vectors.add(products.merge(chunk)));
    side.users(mark, fence, TextVectors.union(vectors), embedder)
        .merge(UserMerger.chunks(deltas.users().iterator()));
  }
}
