package io.vectorstream.feed;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ProductLetters;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.event.ProductTopic;
import io.vectorstream.event.ProductTopic.BrokenProduct;
import io.vectorstream.event.WatchedTopic;
import io.vectorstream.migration.Sides;
import io.vectorstream.monitoring.ProductFeedStatus;
import io.vectorstream.store.Chunks;
import io.vectorstream.store.FencedException;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.ProductOffsets;
import io.vectorstream.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application of the products topic to the stored products, between batches, some records at a
 * time. One thread uses it.
 *
 * <p>Each product carries the place of the record that has changed it last, so a record that is
 * read again changes nothing. The offsets are noted only when all records before them are stored,
 * and no other pipeline has taken over: until then no write may have been refused. The records
 * among them that are no products, or that the store refuses for what is in them, are in the
 * dead-letter topic before.
 */
public final class ProductFeed implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProductFeed.class);

  private static final Duration POLL = Duration.ofMillis(500);

  /** How often Kafka is asked for the topic's partitions and ends. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** A step takes a fraction of a second, which is how long a batch waits for it. */
  private static final int RECORDS_AT_ONCE = 500;

  private final Settings settings;
  private final Ledger ledger;
  private final Gaps gaps;
  private final ListedModels products;
  private final ProductOffsets offsets;
  private WatchedTopic watched;
  private ProductTopic topic;
  private ProductLetters letters;

  /** The topic as it was seen last; null before it was seen. */
  private WatchedTopic.State seen;

  private long seenNanos;

  /** The offsets of the next records to apply, by partition. */
  private Map<Integer, Long> next = Map.of();

  private boolean missingIsTold;
  private volatile long waiting;
  private volatile long deadLettered;

  /** The time between batches. */
  public interface Gaps {

    /** Does a step that must not happen beside a batch, and returns what it returns. */
    boolean between(BooleanSupplier step) throws InterruptedException;
  }

  /**
   * Asks nothing yet.
   *
   * @param ledger gives each step its place among the writers
   * @param onPending called when there are texts to embed
   */
  public ProductFeed(Settings settings, Ledger ledger, Sides sides, Gaps gaps, Runnable onPending) {
    this.settings = settings;
    this.ledger = ledger;
    this.gaps = gaps;
    this.products = new ListedModels(sides, onPending);
    this.offsets = new ProductOffsets(settings.qdrant());
  }

  /**
   * Applies the next records. After a failure, the feed has to be {@link #close closed}; the next
   * step begins where the last noted offsets are.
   *
   * @return whether there were any
   * @throws FencedException if another pipeline has taken over
   */
  public boolean step() throws InterruptedException {
    if (!look()) {
      Thread.sleep(POLL.toMillis());
      return false;
    }
    ProductTopic.Polled polled = topic.poll(POLL);
    if (polled.size() > 0) {
      List<BrokenProduct> broken = new ArrayList<>(polled.letters());
      apply(
          polled.products(),
          (product, refusal) -> broken.add(polled.failed(product, "storing it", refusal)));
      deadLettered += letters.write(broken, polled.next());
      note(polled.next());
    }
    next = polled.next();
    waiting = behind();
    products.count();
    return polled.size() > 0;
  }

  /** Asks for the topic now and then; returns whether it exists. */
  private boolean look() {
    if (seen != null && System.nanoTime() - seenNanos < LOOK.toNanos()) {
      return true;
    }
    if (watched == null) {
      watched = new WatchedTopic(settings.kafka(), settings.kafka().productsTopic());
    }
    WatchedTopic.State now = watched.state().orElse(null);
    if (now == null) {
      if (!missingIsTold) {
        log.warn(
            "topic {} does not exist; products are read from it as soon as it does",
            settings.kafka().productsTopic());
        missingIsTold = true;
      }
      closeTopic();
      return false;
    }
    missingIsTold = false;
    if (seen == null || !seen.topicId().equals(now.topicId())) {
      begin(now);
    } else if (!next.keySet().containsAll(now.ends().keySet())) {
      readFrom(now, next);
    }
    seen = now;
    seenNanos = System.nanoTime();
    return true;
  }

  private void begin(WatchedTopic.State now) {
    closeTopic();
    topic = new ProductTopic(settings.kafka());
    letters =
        new ProductLetters(
            settings.kafka(),
            now.topicId(),
            settings.qdrant().address() + " " + settings.qdrant().collections().products());
    readFrom(now, offsets.of(now.topicId()));
  }

  /** Begins new partitions at their first record: a product is known only by all of the topic. */
  private void readFrom(WatchedTopic.State now, Map<Integer, Long> known) {
    next = new HashMap<>(now.beginnings());
    next.putAll(known);
    next.keySet().retainAll(now.ends().keySet());
    topic.readFrom(next);
  }

  private void apply(List<ProductRecord> records, BiConsumer<ProductRecord, StoreException> refused)
      throws InterruptedException {
    String topicId = seen.topicId();
    Iterator<List<ProductRecord>> chunks =
        Chunks.of(records.iterator(), RECORDS_AT_ONCE, ProductRecord::size);
    while (chunks.hasNext()) {
      List<ProductRecord> some = chunks.next();
      gaps.between(() -> products.apply(some, topicId, ledger.nextTurn(), refused));
    }
  }

  private void note(Map<Integer, Long> next) {
    ledger.requireOwned();
    offsets.note(seen.topicId(), next);
  }

  private long behind() {
    return seen.ends().entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - next.getOrDefault(end.getKey(), 0L)))
        .sum();
  }

  /** Returns its progress; called by any thread. */
  public ProductFeedStatus status() {
    return products
        .inUse()
        .map(
            listed ->
                new ProductFeedStatus(
                    waiting,
                    listed.applied(),
                    listed.passedOver(),
                    deadLettered,
                    listed.refused(),
                    listed.hidden(),
                    listed.retired()))
        .orElseGet(() -> new ProductFeedStatus(waiting, 0, 0, deadLettered, 0, 0, 0));
  }

  private void closeTopic() {
    seen = null;
    if (topic != null) {
      topic.close();
      topic = null;
    }
    if (letters != null) {
      letters.close();
      letters = null;
    }
  }

  /** Ends its connections to Kafka; a further step opens new ones. */
  @Override
  public void close() {
    closeTopic();
    if (watched != null) {
      watched.close();
      watched = null;
    }
  }
}
