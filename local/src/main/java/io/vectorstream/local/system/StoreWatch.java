package io.vectorstream.local.system;

import io.vectorstream.local.points.ForeignCollection;
import io.vectorstream.local.system.SystemDescription.Points;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Some events of a load, looked for in the store again and again, and compared with what the system
 * says that it is done with. A thread looks; another one adds events.
 *
 * <p>In each look, the system's word is read first and the store is asked after it. So what the
 * store does not have then was acknowledged before it was stored.
 */
final class StoreWatch implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final ForeignCollection collection;
  private final Points points;

  /** Null where the system says nothing. */
  private final AcknowledgedOffsets offsets;

  private final Queue<WatchedEvent> all = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::watch, "store-watch");
  private volatile Map<Integer, Long> acknowledged = Map.of();

  StoreWatch(ForeignCollection collection, Points points, AcknowledgedOffsets offsets) {
    this.collection = collection;
    this.points = points;
    this.offsets = offsets;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  void add(WatchedEvent event) {
    all.add(event);
  }

  List<WatchedEvent> events() {
    return List.copyOf(all);
  }

  boolean hearsOfAcknowledgements() {
    return offsets != null;
  }

  /** Returns the offsets that were acknowledged at the last look, by partition. */
  Map<Integer, Long> acknowledged() {
    return acknowledged;
  }

  private void watch() {
    try {
      while (true) {
        look();
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void look() {
    try {
      if (offsets != null) {
        acknowledged = offsets.read();
      }
      Instant acknowledgedAt = Instant.now();
      List<WatchedEvent> waiting =
          all.stream().filter(event -> !event.isSeen() || !event.isAcknowledged()).toList();
      Set<String> found =
          stored(waiting.stream().filter(event -> !event.isSeen()).map(WatchedEvent::id).toList());
      long now = micros(Instant.now());
      for (WatchedEvent event : waiting) {
        if (found.contains(event.id())) {
          event.seen(now);
        }
        if (!event.isAcknowledged() && isAcknowledged(event)) {
          event.acknowledged(micros(acknowledgedAt), !event.isSeen());
        }
      }
    } catch (RuntimeException e) {
      // Kafka or the store does not answer, or the checkpoint is being written: the time goes on.
    }
  }

  private boolean isAcknowledged(WatchedEvent event) {
    return event.isDelivered() && acknowledged.getOrDefault(event.partition(), 0L) > event.offset();
  }

  private Set<String> stored(Collection<String> ids) {
    if (ids.isEmpty()) {
      return Set.of();
    }
    return points.haveIdsOfEvents()
        ? collection.pointsAmong(ids)
        : collection.valuesAmong(points.eventId(), new ArrayList<>(ids));
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (offsets != null) {
      offsets.close();
    }
  }
}
