package io.vectorstream.stream;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.Lists;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EventText;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.EventRow;
import io.vectorstream.event.ParsedRecord;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.SkippedRecord;
import io.vectorstream.merge.Deltas;
import io.vectorstream.merge.EventShare;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Chunks;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.EventCollection.Origin;
import io.vectorstream.store.PointIds;
import io.vectorstream.store.StoreException;
import io.vectorstream.stream.FaultyEvents.Chunk;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The work of one task for its share of a batch: it leaves out events that are stored already,
 * stores the others, and adds up their effect on products, users and the minutes in which they
 * count. All copies of an event come to the same task, in the order of their offsets. Fields that
 * identify a forgotten user are removed from an event as soon as it is read. An event from before
 * the horizon is a dead letter, because it is not known whether it was counted.
 *
 * <p>Work flows through two windows, so that the task does not wait for the store while it can do
 * other work: chunks whose look-up is under way, then chunks whose upsert is under way.
 *
 * <p>An event for which a step fails, alone as well, is a dead letter: it is neither stored nor
 * counted, and the others continue.
 */
final class EventWriter implements AutoCloseable {

  /** The dead letters of a part: where memory is short, Spark moves only whole parts to disk. */
  private static final int DEAD_LETTERS_OF_A_PART = 1_000;

  private static final long MICROS = 1_000_000;

  private final TaskSettings settings;
  private final BatchMark batch;
  private final String mark;
  private final EventCollection store;
  private final BatchRules rules;
  private final Map<String, Boolean> isForgotten = new HashMap<>();

  private final long startedAtMillis = System.currentTimeMillis();
  private final Set<String> seen = new HashSet<>();
  private final Deque<LookUp> lookUps = new ArrayDeque<>();
  private final Deque<Upsert> upserts = new ArrayDeque<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final Map<String, Long> deadLettered = new HashMap<>();
  private final FaultyEvents faults = new FaultyEvents(this::putAside);
  private final Deltas deltas;
  private final Histogram latencyMs = new Histogram(3);
  private final Histogram lateMs = new Histogram(3);
  private Long firstStoredAtMillis;
  private EventShare lastStored;
  private long records;
  private long skipped;
  private long stored;
  private long duplicates;
  private long ofForgottenUsers;

  private record LookUp(List<ShopEvent> events, CompletableFuture<Map<String, Origin>> origins) {}

  /**
   * @param shares the effects of the events on sums, which are added when the events are stored
   */
  private record Upsert(List<EventShare> shares, CompletableFuture<?> acknowledged) {}

  EventWriter(TaskSettings settings, BatchMark batch, BatchRules rules) {
    this.settings = settings;
    this.rules = rules;
    this.batch = batch;
    this.mark = batch.toString();
    this.store = new EventCollection(settings.qdrant());
    this.deltas = new Deltas(settings.interest());
  }

  /** Does the work while the result is read. After a failure it has to be closed. */
  Iterator<BatchPart> write(Iterator<InternalRow> rows) {
    return new AbstractIterator<>() {
      private boolean finished;

      @Override
      protected BatchPart computeNext() {
        if (finished) {
          return endOfData();
        }
        Chunks.of(fresh(rows), settings.keylessQdrant().upsertBatch(), EventCollection::size)
            .forEachRemaining(EventWriter.this::lookUp);
        if (deadLetters.size() >= DEAD_LETTERS_OF_A_PART) {
          return BatchPart.of(takeDeadLetters());
        }
        finished = true;
        return last();
      }
    };
  }

  private BatchPart last() {
    while (!lookUps.isEmpty()) {
      upsertOldest();
    }
    while (!upserts.isEmpty()) {
      acknowledgeOldest();
    }
    return new BatchPart(
        new BatchPart.Summary(
            startedAtMillis,
            records,
            stored,
            duplicates,
            skipped,
            ofForgottenUsers,
            Map.copyOf(deadLettered),
            deltas.products().stream().mapToLong(product -> product.textsByHash().size()).sum(),
            List.copyOf(deltas.minutes()),
            latencyMs,
            lateMs,
            firstStoredAtMillis),
        takeDeadLetters(),
        List.copyOf(deltas.products()),
        List.copyOf(deltas.users()));
  }

  private void putAside(DeadLetter letter) {
    deadLetters.add(letter);
    deadLettered.merge(letter.reason(), 1L, Long::sum);
  }

  private List<DeadLetter> takeDeadLetters() {
    List<DeadLetter> taken = List.copyOf(deadLetters);
    deadLetters.clear();
    return taken;
  }

  /** Cancels calls after a failure, so that they are not tried again, later than others. */
  @Override
  public void close() {
    lookUps.forEach(lookUp -> lookUp.origins().cancel(true));
    upserts.forEach(upsert -> upsert.acknowledged().cancel(true));
  }

  /**
   * Returns the events, each once; dead letters and copies are put aside. Ends early when there are
   * many dead letters.
   */
  private Iterator<ShopEvent> fresh(Iterator<InternalRow> rows) {
    return new AbstractIterator<>() {
      @Override
      protected ShopEvent computeNext() {
        while (deadLetters.size() < DEAD_LETTERS_OF_A_PART && rows.hasNext()) {
          InternalRow row = rows.next();
          if (EventRow.isFirstOfRecord(row)) {
            records++;
          }
          ParsedRecord record = EventRow.read(row, rules.plannedAtMicros());
          if (record instanceof DeadLetter letter) {
            putAside(letter);
            continue;
          }
          if (record instanceof SkippedRecord) {
            skipped++;
            continue;
          }
          ShopEvent event = (ShopEvent) record;
          if (isTooOld(event)) {
            putAside(DeadLetter.tooOld(event, Instant.ofEpochSecond(rules.horizon()).toString()));
          } else if (seen.add(event.eventId())) {
            return withoutForgotten(event);
          } else {
            duplicates++;
          }
        }
        return endOfData();
      }
    };
  }

  private boolean isTooOld(ShopEvent event) {
    return Math.floorDiv(event.eventTimeMicros(), MICROS) < rules.horizon();
  }

  private ShopEvent withoutForgotten(ShopEvent event) {
    return !rules.forgotten().isEmpty()
            && isForgotten.computeIfAbsent(event.userId(), rules.forgotten()::contains)
        ? event.withoutUser()
        : event;
  }

  private void lookUp(List<ShopEvent> chunk) {
    Chunk<ShopEvent, Map<String, Origin>> asked =
        faults.begin(
            "finding its point",
            chunk,
            event -> event,
            event -> PointIds.point(event.eventId()),
            store::originsOf);
    if (asked.things().isEmpty()) {
      return;
    }
    lookUps.add(new LookUp(asked.things(), asked.call()));
    if (lookUps.size() > settings.keylessQdrant().upsertsInFlight()) {
      upsertOldest();
    }
  }

  private void upsertOldest() {
    LookUp oldest = lookUps.remove();
    Map<String, Origin> origins = store.await(oldest.origins());
    List<ShopEvent> fresh = withoutDuplicates(oldest.events(), origins);
    List<EventShare> shares =
        withoutWritten(faults.without("counting it", fresh, deltas::share), origins);
    if (shares.isEmpty()) {
      return;
    }
    Chunk<EventShare, Object> sent =
        faults.begin("writing it", shares, EventShare::event, this::write, this::store);
    if (sent.things().isEmpty()) {
      return;
    }
    upserts.add(new Upsert(sent.things(), sent.call()));
    if (upserts.size() > settings.keylessQdrant().upsertsInFlight()) {
      acknowledgeOldest();
    }
  }

  private void write(EventShare share) {
    store.upsert(List.of(share.event()), null, mark);
  }

  private CompletableFuture<Object> store(List<EventShare> shares) {
    List<ShopEvent> events = Lists.transform(shares, EventShare::event);
    return store.store(events, vectors(events), mark).thenApply(done -> done);
  }

  /**
   * Removes events that other batches have stored. An event that this very part has stored, in a
   * try that was interrupted, is counted again. So is an event that an earlier, larger part has
   * stored from this very record: that part was interrupted before it counted, because no part that
   * has counted shares a record with this one.
   *
   * <p>Once a part has begun to count, all its events are stored. One that is not was no event when
   * they were: its schema was not known, or the settings have changed. Some sums are written
   * without it already, so it stays a dead letter.
   */
  private List<ShopEvent> withoutDuplicates(List<ShopEvent> events, Map<String, Origin> origins) {
    if (origins.isEmpty() && !rules.counting()) {
      return events;
    }
    List<ShopEvent> fresh = new ArrayList<>(events.size());
    for (ShopEvent event : events) {
      Origin origin = origins.get(event.eventId());
      if (origin == null && rules.counting()) {
        putAside(DeadLetter.late(event));
      } else if (isFresh(event, origin)) {
        fresh.add(origin == null ? event : origin.asStored(event));
      } else {
        duplicates++;
      }
    }
    return fresh;
  }

  /**
   * Removes events that an earlier try has written from the same record under the same mark. If an
   * event's user is forgotten, it is kept, because the earlier try may not have known it.
   */
  private List<EventShare> withoutWritten(List<EventShare> fresh, Map<String, Origin> origins) {
    if (origins.values().stream().noneMatch(origin -> origin.batch().equals(mark))) {
      return fresh;
    }
    List<EventShare> unwritten = new ArrayList<>(fresh.size());
    for (EventShare share : fresh) {
      Origin origin = origins.get(share.event().eventId());
      if (origin != null
          && origin.isOf(share.event())
          && origin.batch().equals(mark)
          && !share.event().isWithoutUser()) {
        deltas.add(share);
        stored++;
      } else {
        unwritten.add(share);
      }
    }
    return unwritten;
  }

  private boolean isFresh(ShopEvent event, Origin origin) {
    if (origin == null || origin.batch().equals(mark)) {
      return true;
    }
    Checkpoint.requireNewest(settings.checkpoint(), batch, origin.batch());
    return origin.isOf(event) && batch.isOfSameBatch(origin.batch());
  }

  private void acknowledgeOldest() {
    Upsert oldest = upserts.remove();
    List<EventShare> shares = acknowledged(oldest);
    long nowMillis = System.currentTimeMillis();
    for (EventShare share : shares) {
      long latency = Math.max(0, (nowMillis * 1000 - share.event().countedAtMicros()) / 1000);
      latencyMs.recordValue(latency);
      if (share.event().isLate()) {
        lateMs.recordValue(latency);
      }
      deltas.add(share);
      if (share.event().isWithoutUser()) {
        ofForgottenUsers++;
      }
    }
    stored += shares.size();
    if (!shares.isEmpty()) {
      lastStored = shares.get(0);
      firstStoredAtMillis = firstStoredAtMillis == null ? nowMillis : firstStoredAtMillis;
    }
  }

  /** Returns whether the store takes, at present, an event that it has taken before. */
  private boolean takesOthers() {
    if (lastStored == null) {
      return false;
    }
    try {
      store.await(store(List.of(lastStored)));
      return true;
    } catch (StoreException e) {
      if (!e.isInvalidContent()) {
        throw e;
      }
      return false;
    }
  }

  /** Returns the events that the store has taken; only the events that it refuses are put aside. */
  private List<EventShare> acknowledged(Upsert upsert) {
    try {
      store.await(upsert.acknowledged());
      return upsert.shares();
    } catch (StoreException e) {
      if (!e.isInvalidContent()) {
        throw e;
      }
      return faults.withoutRefused(
          upsert.shares(), this::takesOthers, shares -> store.await(store(shares)), e);
    }
  }

  /**
   * Returns null unless events are to carry their product's vector. An event has no vector if the
   * model fails on its product, or if its user is forgotten, as it then has no search query.
   */
  private List<float[]> vectors(List<ShopEvent> events) {
    if (!settings.eventVectors()) {
      return null;
    }
    EmbeddingService embeddings = settings.embeddings();
    Map<Boolean, List<String>> texts =
        events.stream()
            .filter(event -> !event.isWithoutUser())
            .collect(
                Collectors.partitioningBy(
                    EventText::isQuery, Collectors.mapping(EventText::of, Collectors.toList())));
    Iterator<float[]> products = embeddings.embedEach(texts.get(false)).vectors().iterator();
    Iterator<float[]> searches = embeddings.embedQueries(texts.get(true)).vectors().iterator();
    List<float[]> all = new ArrayList<>(events.size());
    for (ShopEvent event : events) {
      Iterator<float[]> vectors = EventText.isQuery(event) ? searches : products;
      all.add(event.isWithoutUser() ? null : vectors.next());
    }
    return all;
  }
}
