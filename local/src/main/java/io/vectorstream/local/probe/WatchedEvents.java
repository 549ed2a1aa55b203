package io.vectorstream.local.probe;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.IncomingRecord;
import io.vectorstream.event.JsonFormat;
import io.vectorstream.event.RecordReader;
import io.vectorstream.generator.EventJson;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.KafkaSink;
import io.vectorstream.generator.RecordKind;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.mapping.Mappings;
import io.vectorstream.reports.result.Searchable;
import io.vectorstream.shop.Product;
import io.vectorstream.store.EventQueries;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Events that are sent beside a load and looked for in the store, and new products among them,
 * which are searched for until they are found.
 */
final class WatchedEvents implements AutoCloseable {
  /** The time for products when everything sent is processed: some texts are embedded later. */
  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(20);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final int FOUND_AMONG = 10;
  private static final int LONGEST_QUERY = 1000;

  private final ApiClient api;
  private final RecordShape shape;
  private final RecordReader reader;
  private final KafkaSink sink;
  private final VectorStore store;
  private final EventQueries events;
  private final ProductCollection products;
  private final Watch storedEvents = new Watch(this::stored);
  private final Watch foundProducts = new Watch(this::found);
  private final Map<String, String> textsOfNew = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();

  /**
   * Connects to Kafka and the store.
   *
   * @param shape in which its events are written, as those of the load; it has views
   */
  WatchedEvents(Settings settings, ApiClient api, RecordShape shape) {
    this.shape = shape;
    String mapping =
        shape.mapping().isEmpty() ? RecordShape.VECTORSTREAM.mapping() : shape.mapping();
    this.reader = new RecordReader(new JsonFormat(), Mappings.read(mapping));
    this.api = api;
    this.store = VectorStore.connect(settings.qdrant().within(FreshProbe.PATIENCE));
    this.events = new EventQueries(store);
    this.products = new ProductCollection(store);
    Settings.Kafka kafka = settings.kafka();
    this.sink =
        new KafkaSink(
            kafka.bootstrapServers(),
            kafka.topic(),
            kafka.partitions(),
            kafka.properties(),
            kafka.connectTimeout());
  }

  /** Begins to look, in two of these threads, until they are interrupted. */
  void watch(Executor threads) {
    threads.execute(storedEvents::watch);
    threads.execute(foundProducts::watch);
  }

  /**
   * Sends the event that a user has viewed a product.
   *
   * @param isMeasured whether it is looked for
   * @return the event's id; empty if Kafka does not take it
   */
  Optional<String> send(
      String user, Instant due, long dueNanos, boolean isMeasured, Product product) {
    byte[] view = EventJson.view(UUID.randomUUID(), due, user, product);
    GeneratedRecord record =
        shape.of(new GeneratedRecord(RecordKind.EVENT, user, view)).orElseThrow();
    try {
      sink.send(record.dueAt(due));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
    sent.incrementAndGet();
    String id = idOf(record);
    if (isMeasured) {
      storedEvents.expect(id, dueNanos);
    }
    return Optional.of(id);
  }

  /** Returns the id of a record's event, which a mapping may make of several parts. */
  private String idOf(GeneratedRecord record) {
    IncomingRecord read = new IncomingRecord("", 0, 0, 0, null, record.value(), List.of());
    return reader.read(read).get(0).requireEvent().eventId();
  }

  /** Searches for a product from now on, the first event about which was sent. */
  void expect(Product product, long dueNanos) {
    String text = ProductText.of(product.name(), product.description(), product.category());
    textsOfNew.put(product.id(), text.substring(0, Math.min(text.length(), LONGEST_QUERY)));
    foundProducts.expect(product.id(), dueNanos);
  }

  /** Returns whether the store has an event. */
  boolean isStored(String eventId) {
    return !stored(List.of(eventId)).isEmpty();
  }

  private Set<String> stored(List<String> eventIds) {
    return events.storedAmong(eventIds);
  }

  /** Asks the API only for products that have a vector: others cannot be found. */
  private Set<String> found(List<String> productIds) {
    return products.vectors(productIds).keySet().stream()
        .filter(
            id ->
                api.get(ApiClient.search(textsOfNew.get(id), FOUND_AMONG))
                    .join()
                    .body()
                    .contains(id))
        .collect(Collectors.toSet());
  }

  /** Returns the number of events sent so far. */
  long sent() {
    return sent.get();
  }

  /** Waits until Kafka has all that was sent. */
  void flush() {
    sink.flush();
  }

  /** Returns how soon they were found, once everything that was sent is processed. */
  Searchable finish(FreshPlan plan) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_AT_END.toNanos();
    while (!(storedEvents.areAllSeen() && foundProducts.areAllSeen()) && System.nanoTime() < end) {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
    return new Searchable(storedEvents.finish(plan.event()), foundProducts.finish(plan.product()));
  }

  @Override
  public void close() {
    try (store) {
      sink.close();
    }
  }
}
