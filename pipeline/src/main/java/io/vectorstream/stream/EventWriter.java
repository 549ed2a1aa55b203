package io.vectorstream.stream;

import com.google.common.util.concurrent.ListenableFuture;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.EventRow;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.ProductDelta;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.store.EventCollection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.apache.spark.sql.Row;

/**
 * One task's share of a batch: leaves out events that are stored already, stores the others, and
 * adds up what they mean for products and users. All copies of an event come to the same task, in
 * the order of their offsets.
 *
 * <p>Work flows through two windows, so that the store is never waited for while there is something
 * to do: chunks whose look-up is under way, then chunks whose upsert is under way.
 */
final class EventWriter {

  private final Settings settings;
  private final String batch;
  private final EventCollection store;
  private final Decay decay;

  private final long startedAtMillis = System.currentTimeMillis();
  private final Set<String> seen = new HashSet<>();
  private final Deque<LookUp> lookUps = new ArrayDeque<>();
  private final Deque<Upsert> upserts = new ArrayDeque<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final Map<String, ProductDelta> products = new HashMap<>();
  private final Map<String, UserDelta> users = new HashMap<>();
  private final Histogram latencyMs = new Histogram(3);
  private long stored;
  private long duplicates;

  private record LookUp(List<ShopEvent> events, ListenableFuture<Map<String, String>> batches) {}

  private record Upsert(List<ShopEvent> events, ListenableFuture<?> acknowledged) {}

  EventWriter(Settings settings, String batch) {
    this.settings = settings;
    this.batch = batch;
    this.store = new EventCollection(settings.qdrant());
    this.decay = new Decay(settings.interest().halfLife());
  }

  BatchPart write(Iterator<Row> rows) {
    List<ShopEvent> chunk = new ArrayList<>();
    while (rows.hasNext()) {
      ParsedRecord record = EventRow.read(rows.next());
      if (!record.isEvent()) {
        deadLetters.add(record.deadLetter());
        continue;
      }
      ShopEvent event = record.event();
      if (!seen.add(event.eventId())) {
        duplicates++;
        continue;
      }
      chunk.add(event);
      if (chunk.size() == settings.qdrant().upsertBatch()) {
        lookUp(chunk);
        chunk = new ArrayList<>(chunk.size());
      }
    }
    if (!chunk.isEmpty()) {
      lookUp(chunk);
    }
    while (!lookUps.isEmpty()) {
      upsertOldest();
    }
    while (!upserts.isEmpty()) {
      acknowledgeOldest();
    }
    return new BatchPart(
        new BatchPart.Summary(startedAtMillis, stored, duplicates, deadLetters.size(), latencyMs),
        deadLetters,
        List.copyOf(products.values()),
        List.copyOf(users.values()));
  }

  private void lookUp(List<ShopEvent> chunk) {
    lookUps.add(new LookUp(chunk, store.batchesOf(chunk)));
    if (lookUps.size() > settings.qdrant().upsertsInFlight()) {
      upsertOldest();
    }
  }

  private void upsertOldest() {
    LookUp oldest = lookUps.remove();
    List<ShopEvent> fresh = withoutStored(oldest.events(), store.await(oldest.batches()));
    if (fresh.isEmpty()) {
      return;
    }
    upserts.add(new Upsert(fresh, store.store(fresh, vectors(fresh), batch)));
    fresh.forEach(this::addUp);
    if (upserts.size() > settings.qdrant().upsertsInFlight()) {
      acknowledgeOldest();
    }
  }

  /**
   * An event that this very batch has stored, in a try that was cut off, is written and counted
   * again.
   */
  private List<ShopEvent> withoutStored(List<ShopEvent> events, Map<String, String> batches) {
    if (batches.isEmpty()) {
      return events;
    }
    List<ShopEvent> fresh =
        events.stream()
            .filter(event -> batches.getOrDefault(EventCollection.key(event), batch).equals(batch))
            .toList();
    duplicates += events.size() - fresh.size();
    return fresh;
  }

  private void addUp(ShopEvent event) {
    String textHash = null;
    if (event.product() != null) {
      textHash =
          products.computeIfAbsent(event.product().id(), id -> new ProductDelta()).add(event);
    }
    users
        .computeIfAbsent(event.userId(), id -> new UserDelta(id, decay))
        .add(event, textHash, settings.interest().weights());
  }

  private void acknowledgeOldest() {
    Upsert oldest = upserts.remove();
    store.await(oldest.acknowledged());
    long nowMicros = System.currentTimeMillis() * 1000;
    for (ShopEvent event : oldest.events()) {
      latencyMs.recordValue(Math.max(0, (nowMicros - event.eventTimeMicros()) / 1000));
    }
    stored += oldest.events().size();
  }

  /** Null unless events are to carry their product's vector. */
  private List<float[]> vectors(List<ShopEvent> events) {
    if (!settings.events().vectors()) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (ShopEvent event : events) {
      ShopEvent.Product product = event.product();
      texts.add(
          product == null
              ? event.searchQuery()
              : ProductText.of(product.name(), product.description(), product.category()));
    }
    return EmbeddingService.shared(settings.embedding()).embed(texts);
  }
}
