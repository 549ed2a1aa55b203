package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.event.TopicIdentity;
import io.vectorstream.event.Topics;
import io.vectorstream.migration.Sides;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.BegunBatch;
import io.vectorstream.store.BegunBatch.OffsetRange;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.StoredBatches;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last batch of a query that does not exist any more, because its checkpoint was lost. The
 * batch may have stored events and then have been interrupted, before they were added to products,
 * users and minutes. A new query takes those events for duplicates, so they would never be counted.
 *
 * <p>The batch is run again from the topic under its own name: points that contain it already are
 * left alone. An interruption here does no harm: as long as no other batch was begun, the ledger
 * names this one, and the next start repeats it.
 */
final class UnfinishedBatch {

  private static final Logger log = LoggerFactory.getLogger(UnfinishedBatch.class);

  private final Settings settings;
  private final Ledger ledger;
  private final Sides sides;
  private final Consumer<BegunBatch> run;
  private BatchMark finished;

  /**
   * @param run processes a batch from the topic
   */
  UnfinishedBatch(Settings settings, Ledger ledger, Sides sides, Consumer<BegunBatch> run) {
    this.sides = sides;
    this.settings = settings;
    this.ledger = ledger;
    this.run = run;
  }

  /**
   * Runs the batch again; from the stored events, if its records are not in the topic any more.
   * Does nothing if this process has done so already.
   */
  void finish(BegunBatch batch) {
    if (batch.mark().equals(finished)) {
      return;
    }
    runAgain(batch);
    finished = ledger.entry().batch().mark();
  }

  private void runAgain(BegunBatch batch) {
    log.info("making sure that batch {}, whose checkpoint is gone, is counted whole", batch.mark());
    if (isInTopic(batch)) {
      run.accept(batch);
      return;
    }
    log.warn(
        "the records of batch {} are not in topic {} any more; what it has stored is counted",
        batch.mark(),
        settings.kafka().topic());
    ledger.note(batch);
    new StoredBatchMerge(settings, sides.written(), ledger.nextTurn())
        .merge(new StoredBatches(settings.qdrant()).of(batch.mark()));
  }

  private boolean isInTopic(BegunBatch batch) {
    Optional<TopicIdentity> current = TopicIdentity.find(settings.kafka());
    if (!current.map(TopicIdentity::topicId).equals(Optional.of(batch.topicId()))) {
      return false;
    }
    List<OffsetRange> wanted = batch.ranges().stream().filter(range -> range.size() > 0).toList();
    Map<TopicPartition, Long> first =
        Topics.firstOffsets(
            settings.kafka(),
            wanted.stream()
                .map(range -> new TopicPartition(range.topic(), range.partition()))
                .toList());
    return wanted.stream()
        .allMatch(
            range ->
                first.get(new TopicPartition(range.topic(), range.partition())) <= range.from());
  }
}
