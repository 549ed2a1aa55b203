package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.TextVectors;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.store.EventHistory;
import io.vectorstream.store.EventHistory.LastBatch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what a query has left undone that is no more, because its checkpoint was lost. Its last
 * batch may have stored events and then have been cut off, before products, users and minutes took
 * them in; a new query takes those events for duplicates, so nobody else would count them.
 *
 * <p>The batch's merge is repeated under the batch's own name: what had taken it in is left alone.
 * Being cut off here does no harm: the next start does it again.
 */
final class UnfinishedBatches {

  private static final Logger log = LoggerFactory.getLogger(UnfinishedBatches.class);

  private final Settings settings;
  private final EventHistory events;

  UnfinishedBatches(Settings settings) {
    this.settings = settings;
    this.events = new EventHistory(settings.qdrant());
  }

  void finish() {
    for (LastBatch batch : events.lastBatches()) {
      log.info(
          "making sure that the {} events of batch {} are counted, whose checkpoint is gone",
          batch.points().size(),
          batch.mark());
      merge(batch);
      events.settle(batch);
    }
  }

  private void merge(LastBatch batch) {
    Deltas deltas = new Deltas(settings.interest());
    events.forEach(batch, deltas::add);

    TextEmbedder embedder =
        new TextEmbedder(
            EmbeddingService.shared(settings.embedding()),
            settings.stream().embeddingTime(),
            nanos -> {},
            left -> {});
    ProductMerger products = new ProductMerger(settings, batch.mark(), embedder);
    List<TextVectors> vectors = new ArrayList<>();
    Iterator<List<ProductDelta>> productChunks = ProductMerger.chunks(deltas.products().iterator());
    productChunks.forEachRemaining(chunk -> vectors.add(products.merge(chunk)));

    UserMerger users = new UserMerger(settings, batch.mark(), TextVectors.union(vectors), embedder);
    Iterator<List<UserDelta>> userChunks = UserMerger.chunks(deltas.users().iterator());
    userChunks.forEachRemaining(users::merge);

    new ActivityMerger(settings, batch.mark()).merge(deltas.minutes());
  }
}
