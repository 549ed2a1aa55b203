package io.vectorstream.local.baseline;

import com.google.common.collect.Lists;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EventText;
import io.vectorstream.embedding.PlainModel;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.VectorStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** The run of one step: it stores events in a collection of its own. */
final class StepRun implements AutoCloseable {

  private static final String MARK = "baseline:0:0";

  private final BaselineStep step;

  /** Fewer than a step has events, so that several calls are under way. */
  private static final int POINTS_A_CALL = 500;

  private final Settings settings;
  private final Models models;
  private final VectorStore store;
  private final EventCollection events;
  private final Deque<CompletableFuture<?>> underWay = new ArrayDeque<>();

  /**
   * @param settingsOf returns the settings, with these, {@code name=value}, on top
   * @param toStore the settings with the address of the store
   * @param number of the step, which is part of its collection's name
   */
  StepRun(
      BaselineStep step,
      Function<List<String>, Settings> settingsOf,
      List<String> toStore,
      int number,
      Models models) {
    this.step = step;
    this.settings =
        settingsOf.apply(
            Stream.concat(
                    toStore.stream(),
                    Stream.of(
                        "qdrant.collections.events=step-" + number,
                        "embedding.engine=onnxruntime",
                        "embedding.device=cpu",
                        "embedding.precision=" + step.precision().name().toLowerCase(Locale.ROOT),
                        "embedding.threads=" + step.threads()))
                .toList());
    this.models = models;
    this.store = VectorStore.connectForWork(settings.qdrant());
    this.events = new EventCollection(settings.qdrant());
  }

  Settings settings() {
    return settings;
  }

  /** Returns the model, which the first call loads. */
  PlainModel model() {
    return models.get(settings.embedding());
  }

  /** Empties the collection of its events; the model stays loaded. */
  void startOver() {
    store.delete(settings.qdrant().collections().events());
    PlainModel model = model();
    new CollectionSchemas(store, model.dimension(), model.identity()).ensure(true, true);
  }

  /**
   * Parses the records, embeds their texts, and stores an event with its vector for each; when it
   * returns, all are acknowledged.
   *
   * @return the time in nanoseconds
   */
  long store(List<byte[]> records) throws InterruptedException {
    Embedder embedder = Embedder.of(step.texts(), settings.embedding(), model());
    int atOnce = Embedder.textsAtOnce(step.texts(), settings.embedding());
    long start = System.nanoTime();
    long offset = 0;
    for (List<byte[]> some : Lists.partition(records, atOnce)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      List<ShopEvent> parsed = new ArrayList<>(some.size());
      for (byte[] record : some) {
        parsed.add(Records.parse(record, offset++));
      }
      List<float[]> vectors = embedder.embed(parsed.stream().map(EventText::of).toList());
      upsert(parsed, vectors);
    }
    while (!underWay.isEmpty()) {
      events.await(underWay.remove());
    }
    return System.nanoTime() - start;
  }

  private void upsert(List<ShopEvent> parsed, List<float[]> vectors) {
    int points = step.manyPointsACall() ? POINTS_A_CALL : 1;
    int calls = step.manyPointsACall() ? settings.qdrant().upsertsInFlight() : 1;
    for (int from = 0; from < parsed.size(); from += points) {
      int to = Math.min(from + points, parsed.size());
      underWay.add(events.store(parsed.subList(from, to), vectors.subList(from, to), MARK));
      if (underWay.size() >= calls) {
        events.await(underWay.remove());
      }
    }
  }

  /** Returns one sentence about the difference from the step before. */
  String inWords(int events, long differentTexts) {
    Settings.Qdrant qdrant = settings.qdrant();
    if (step.allCores()) {
      return "%d threads embed, each a part of a batch.".formatted(step.threads());
    }
    if (step.precision() == Settings.Precision.INT8) {
      return "The model computes in int8 instead of fp32.";
    }
    if (step.manyPointsACall()) {
      return "%,d points are upserted in a call, and %d calls are under way at a time."
          .formatted(POINTS_A_CALL, qdrant.upsertsInFlight());
    }
    return switch (step.texts()) {
      case ALONE ->
          "Each event is parsed, its text embedded alone on one core in fp32, and its point"
              + " upserted in a call that is waited for, before the next event.";
      case AS_THEY_COME ->
          "The model embeds %d texts in a call, in the order in which they come, padded to the longest of them."
              .formatted(settings.embedding().batchSize());
      case SORTED ->
          "The texts of %,d events are sorted by length before they are cut into calls of the model."
              .formatted(Math.min(events, Embedder.SORTED_TOGETHER));
      case ONCE ->
          "A text that was embedded before is not embedded again: %,d different texts in %,d events."
              .formatted(differentTexts, events);
    };
  }

  @Override
  public void close() {
    store.close();
    VectorStore.closeShared(settings.qdrant());
  }
}
