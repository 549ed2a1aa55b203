package io.vectorstream.stream;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.TopicIdentity;
import io.vectorstream.event.Topics;
import io.vectorstream.migration.Side;
import io.vectorstream.migration.Sides;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.ForgottenElsewhere;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.PointIdMigration;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks before a query starts: the checkpoint has to fit the topic, the collections have to
 * fit the checkpoint and the model. What is missing is created, unless something shows that it
 * existed before.
 */
final class Preflight {

  private static final RetryConfig LOOK_AGAIN =
      RetryConfig.<Optional<TopicIdentity>>custom()
          .retryOnResult(Optional::isEmpty)
          .retryOnException(failure -> false)
          .waitDuration(Duration.ofMillis(100))
          .maxAttempts(20)
          .build();

  private static final Logger log = LoggerFactory.getLogger(Preflight.class);

  /** The scheme of point ids in the first version with a ledger. */
  private static final int FIRST_WITH_LEDGER = 2;

  private final Settings settings;
  private final Checkpoint checkpoint;

  Preflight(Settings settings) {
    this.settings = settings;
    this.checkpoint = new Checkpoint(settings);
  }

  /** Returns whether the query begins from nothing, as far as its checkpoint shows. */
  boolean isFirstStart() {
    return checkpoint.isNew();
  }

  /** Creates missing topics. Called before the first start of this process. */
  void prepareTopics() {
    if (isFirstStart()) {
      Topics.ensure(settings.kafka());
      checkpoint.note(existingTopic());
    } else {
      checkTopic();
      Topics.ensure(settings.kafka());
    }
    Topics.otherRetention(settings.kafka()).ifPresent(log::warn);
    if (!settings.events().areKept()) {
      Topics.longerRetention(settings.kafka(), settings.events().retention()).ifPresent(log::warn);
    }
  }

  /**
   * Creates missing collections, and takes the collections over, as the last step that may be
   * refused. Called before the first start of this process.
   */
  Ledger prepareStore(VectorStore store, EmbeddingService embeddings, Sides sides) {
    boolean first = isFirstStart();
    sides.requireKnown(store);
    new CollectionSchemas(store, embeddings.dimension(), embeddings.identity())
        .ensure(settings.events().vectors(), first);
    Ledger ledger = Ledger.takeOver(settings.qdrant(), ThisProcess.name());
    int pointIds = ledger.entry().pointIds();
    if (pointIds < PointIds.SCHEME) {
      new PointIdMigration(store).move(pointIds);
    }
    boolean isEmpty = store.countEvents() == 0;
    if (pointIds < FIRST_WITH_LEDGER && first && !isEmpty) {
      // Written by a version without a ledger.
      new StoredBatchMerge(settings, sides.written(), ledger.nextTurn()).mergeLast();
    }
    if (!settings.events().areKept() && ledger.entry().begun().isEmpty() && !isEmpty) {
      // The ledger is lost, or new: it is not known which events were deleted.
      ledger.noteHorizon(Instant.now().minus(settings.events().retention()).getEpochSecond());
    }
    for (Side side : sides.written()) {
      boolean isOwn = side.products().equals(store.collections().products());
      VectorStore its = isOwn ? store : VectorStore.ofBatches(side.settings().qdrant());
      if (!isOwn || its.isHybrid()) {
        CollectionSchemas.ensureWords(its);
      }
      takeForgottenOver(its, isEmpty);
    }
    ledger.note(embeddings.modelName(), PointIds.SCHEME);
    sides.noteOwn();
    return ledger;
  }

  /** Takes over users forgotten in other collections, before new ones store the first event. */
  private void takeForgottenOver(VectorStore store, boolean isEmpty) {
    ForgottenElsewhere elsewhere = new ForgottenElsewhere(store);
    List<String> named = settings.qdrant().collections().forgottenElsewhere();
    for (String users : named) {
      if (!store.exists(users)) {
        String missing =
            "qdrant.collections.forgotten_from: there is no collection '%s' at %s"
                .formatted(users, store.address());
        if (isEmpty) {
          throw new PipelineException(
              missing
                  + "; expected collections of users who must stay forgotten, or nothing if it was"
                  + " deleted on purpose");
        }
        log.warn("{}; who was forgotten there and not here is not known any more", missing);
        continue;
      }
      long taken = elsewhere.takeOver(users);
      if (taken > 0) {
        log.info("{} users who are forgotten in collection '{}' are forgotten here", taken, users);
      }
    }
    if (isEmpty) {
      warnOfOthers(elsewhere, named);
    }
  }

  private static void warnOfOthers(ForgottenElsewhere elsewhere, List<String> named) {
    Map<String, Long> found;
    try {
      found = elsewhere.find();
    } catch (StoreException e) {
      if (e.isPassing()) {
        throw e;
      }
      // A key for these collections only may not list the others.
      log.debug("the other collections are not known", e);
      return;
    }
    found.forEach(
        (users, forgotten) -> {
          if (!named.contains(users)) {
            log.warn(
                "collection '{}' has {} users who are forgotten, and these collections are new: if"
                    + " they are of the same shop, stop, set qdrant.collections.forgotten_from={}"
                    + " and start again",
                users,
                forgotten,
                users);
          }
        });
  }

  /**
   * Checks the topic. Called before every start.
   *
   * @throws PipelineException if the topic is not the one that the checkpoint is about
   */
  void checkTopic() {
    TopicIdentity noted = checkpoint.requireTopic();
    if (!noted.topic().equals(settings.kafka().topic())) {
      throw new PipelineException(
          "the checkpoint %s belongs to topic %s, but kafka.topic is %s; give each topic a checkpoint of its own (stream.checkpoint)"
              .formatted(checkpoint, noted.topic(), settings.kafka().topic()));
    }
    if (!noted.equals(existingTopic())) {
      throw new PipelineException(
          "topic %s was deleted and made again since the checkpoint %s was written, so its offsets mean other records; %s"
              .formatted(noted.topic(), checkpoint, readAgain()));
    }
  }

  private TopicIdentity existingTopic() {
    // A controller reports a new topic a moment before a broker knows it.
    Optional<TopicIdentity> topic =
        Retry.of("topic", LOOK_AGAIN).executeSupplier(() -> TopicIdentity.find(settings.kafka()));
    return topic.orElseThrow(
        () ->
            new PipelineException(
                "topic %s does not exist any more at %s, but the checkpoint %s has read it; make the topic again and then %s"
                    .formatted(
                        settings.kafka().topic(),
                        settings.kafka().bootstrapServers(),
                        checkpoint,
                        readAgain())));
  }

  private static String readAgain() {
    return "delete the checkpoint: the topic is then read from its start, and events that are"
        + " stored already are not counted again";
  }
}
