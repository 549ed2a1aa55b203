package io.vectorstream.fresh;

import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.fresh.Held.Check;
import io.vectorstream.shop.Product;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.EventCollection.Origin;
import io.vectorstream.store.ForgottenUsers;
import io.vectorstream.store.LedgerEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events that some sum may not contain yet, in the order in which they came, by user, and by
 * id. Their number and their size are bounded: the oldest are given up. Events that all sums
 * contain are dropped.
 */
final class HeldEvents {

  /** The characters of an event's texts that are reckoned with. */
  private static final long CHARACTERS = 500;

  private final int most;
  private final Interner<Product> products = Interners.newWeakInterner();
  private final Deque<Held> arrivals = new ArrayDeque<>();
  private final Map<Integer, Deque<Held>> byPartition = new HashMap<>();
  private final Map<String, Deque<Held>> byUser = new HashMap<>();
  private final Map<String, Held> byId = new HashMap<>();

  /** The offsets before which events are missing, by partition. */
  private final Map<Integer, Long> missingBefore = new HashMap<>();

  private MergedOffsets merged;
  private ForgottenUsers forgotten = ForgottenUsers.NONE;
  private long generation;
  private long size;
  private long characters;
  private long givenUp;

  /**
   * @param most events that are held
   */
  HeldEvents(int most) {
    this.most = most;
  }

  /**
   * Events at one moment, together with what tells which of them a stored sum contains.
   *
   * @param merged what the ledger told then; null if it was not read yet
   * @param events the oldest first
   * @param gap whether earlier ones were given up
   */
  record Snapshot(MergedOffsets merged, List<Held> events, boolean gap, long generation) {}

  /** Returns the events of a user, at most so many of the latest. */
  synchronized Snapshot ofUser(String userId, int latest) {
    Deque<Held> all = byUser.get(userId);
    if (all == null) {
      return snapshot(List.of(), false);
    }
    List<Held> events = new ArrayList<>(all);
    int left = Math.max(0, events.size() - latest);
    return snapshot(events.subList(left, events.size()), left > 0);
  }

  /** Returns all events. */
  synchronized Snapshot all() {
    List<Held> events = new ArrayList<>(Math.toIntExact(size));
    byPartition.values().forEach(events::addAll);
    return snapshot(events, false);
  }

  private Snapshot snapshot(List<Held> events, boolean some) {
    return new Snapshot(merged, events, some || hasGap(), generation);
  }

  /** Returns whether events were given up that some sum may not contain. */
  synchronized boolean hasGap() {
    return merged == null
        || missingBefore.entrySet().stream()
            .anyMatch(missing -> missing.getValue() > merged.floor(missing.getKey()));
  }

  /** Notes what an answer of the store said of an event, unless it was about other sums. */
  synchronized void note(Snapshot of, Held held, Check answer) {
    if (of.generation() == generation) {
      held.check(answer);
    }
  }

  /** Takes over from the store when an event counts, and what else it knows of it. */
  synchronized void noteStored(Held held, Origin origin) {
    held.event(origin.asStored(held.event()));
  }

  /**
   * Adds the events of a record, unless all sums contain them, or they are from before the horizon.
   */
  synchronized void add(Iterable<ShopEvent> ofOneRecord) {
    Set<String> ids = new HashSet<>();
    boolean isKnown = false;
    for (ShopEvent event : ofOneRecord) {
      if (ids.isEmpty()) {
        Held last = last(event.partition());
        // The record is read again after a failure.
        isKnown = last != null && last.event().offset() >= event.offset();
      }
      // The store cannot tell two events of a record with one id apart: the first one counts.
      if (ids.add(event.eventId()) && !isKnown) {
        addNew(event);
      }
    }
  }

  private Held last(int partition) {
    Deque<Held> ofPartition = byPartition.get(partition);
    return ofPartition == null ? null : ofPartition.peekLast();
  }

  private void addNew(ShopEvent event) {
    if (merged == null
        || event.offset() < merged.floor(event.partition())
        || merged.isTooOld(event)) {
      return;
    }
    Held first = byId.get(event.eventId());
    if (first != null) {
      first.copied();
    }
    Held held = new Held(slim(event), first != null);
    arrivals.add(held);
    byPartition.computeIfAbsent(event.partition(), partition -> new ArrayDeque<>()).add(held);
    if (!held.event().isWithoutUser()) {
      byUser.computeIfAbsent(held.event().userId(), user -> new ArrayDeque<>(4)).add(held);
    }
    byId.putIfAbsent(event.eventId(), held);
    size++;
    characters += EventCollection.size(held.event());
    while (size > most || characters > CHARACTERS * most) {
      giveUpOldest();
    }
  }

  /** Returns the event without what no sum is made of; equal products are one object. */
  private ShopEvent slim(ShopEvent event) {
    boolean anonymous = event.isWithoutUser() || forgotten.contains(event.userId());
    Deque<Held> others = anonymous ? null : byUser.get(event.userId());
    String user = others == null ? event.userId() : others.peek().event().userId();
    return new ShopEvent(
        event.partition(),
        event.offset(),
        event.receivedAtMicros(),
        event.eventId(),
        null,
        event.eventTimeMicros(),
        anonymous ? null : user,
        event.type(),
        null,
        event.product() == null ? null : products.intern(event.product()),
        event.quantity(),
        event.totalAmount(),
        null,
        null,
        anonymous ? null : event.searchQuery());
  }

  private void giveUpOldest() {
    Held oldest = arrivals.remove();
    while (oldest.isDropped()) {
      oldest = arrivals.remove();
    }
    // What came first is also the first of its partition.
    byPartition.get(oldest.event().partition()).remove();
    missingBefore.merge(oldest.event().partition(), oldest.event().offset() + 1, Math::max);
    drop(oldest);
    givenUp++;
  }

  private void drop(Held held) {
    ShopEvent event = held.event();
    held.drop();
    size--;
    characters -= EventCollection.size(event);
    byId.remove(event.eventId(), held);
    if (!event.isWithoutUser()) {
      Deque<Held> others = byUser.get(event.userId());
      others.remove(held);
      if (others.isEmpty()) {
        byUser.remove(event.userId());
      }
    }
  }

  /**
   * Takes over what the ledger tells now, and drops what all sums contain.
   *
   * @return whether everything that was held was given up, as it is about other records or sums
   */
  synchronized boolean advance(LedgerEntry entry, String topicId) {
    boolean restart = merged == null || merged.isRestartedBy(entry, topicId);
    if (restart) {
      startOver();
      merged = MergedOffsets.of(entry, topicId);
      return true;
    }
    if (merged.isOtherPlan(entry)) {
      // What is stored may have been stored, and merged, by the plan before.
      generation++;
      byPartition.values().forEach(some -> some.forEach(held -> held.check(Check.OPEN)));
    }
    merged = merged.followedBy(entry, topicId);
    byPartition.forEach(
        (partition, some) -> {
          long floor = merged.floor(partition);
          while (!some.isEmpty() && some.peek().event().offset() < floor) {
            drop(some.remove());
          }
        });
    while (!arrivals.isEmpty() && arrivals.peek().isDropped()) {
      arrivals.remove();
    }
    if (arrivals.size() > 2 * size) {
      arrivals.removeIf(Held::isDropped);
    }
    return false;
  }

  /** Gives up everything, to be read again. */
  synchronized void startOver() {
    generation++;
    arrivals.clear();
    byPartition.clear();
    byUser.clear();
    byId.clear();
    missingBefore.clear();
    size = 0;
    characters = 0;
  }

  /** Notes that what lies before these offsets is not read. */
  synchronized void miss(Map<Integer, Long> before) {
    before.forEach((partition, offset) -> missingBefore.merge(partition, offset, Math::max));
  }

  /** Takes the users out of events whose users are forgotten. */
  synchronized void forget(ForgottenUsers users) {
    if (users.points().size() == forgotten.points().size() && users.equals(forgotten)) {
      return;
    }
    forgotten = users;
    List<String> gone = byUser.keySet().stream().filter(users::contains).toList();
    for (String user : gone) {
      for (Held held : byUser.remove(user)) {
        characters -= EventCollection.size(held.event());
        held.event(held.event().withoutUser());
        characters += EventCollection.size(held.event());
      }
    }
  }

  /** Returns what the ledger told last; null if it was not read yet. */
  synchronized MergedOffsets merged() {
    return merged;
  }

  /** Returns the number of events in memory. */
  synchronized long size() {
    return size;
  }

  /** Returns the number of users with events in memory. */
  synchronized long users() {
    return byUser.size();
  }

  /** Returns how many events were given up for others since the start. */
  synchronized long givenUp() {
    return givenUp;
  }
}
