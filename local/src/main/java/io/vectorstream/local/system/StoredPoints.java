package io.vectorstream.local.system;

import io.vectorstream.local.points.ForeignCollection;
import io.vectorstream.local.points.Point;
import io.vectorstream.local.system.SystemDescription.Points;
import io.vectorstream.reports.result.SystemsResult.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The points of a collection, each counted for the event that was sent. */
final class StoredPoints {
  private static final int SHOWN_IDS = 5;

  private final SentEvents sent;
  private final Points points;
  private final EventFields fields;

  /** The points of each event, by its index. */
  private final int[] times;

  private long damaged;
  private long unasked;

  private StoredPoints(SentEvents sent, Points points, EventFields fields) {
    this.sent = sent;
    this.points = points;
    this.fields = fields;
    this.times = new int[sent.size()];
  }

  /** Reads the whole collection. */
  static StoredPoints read(
      ForeignCollection collection, Points points, SentEvents sent, EventFields fields) {
    StoredPoints stored = new StoredPoints(sent, points, fields);
    Set<String> payload = new TreeSet<>();
    if (points.eventId() != null) {
      payload.add(points.eventId());
    }
    fields.ofPayload().forEach(payload::add);
    collection.read(payload, stored::count);
    return stored;
  }

  private void count(Point point) {
    Optional<String> id =
        points.eventId() == null ? Optional.of(point.id()) : point.text(points.eventId());
    int event = id.map(sent::indexOf).orElse(-1);
    if (event < 0) {
      unasked++;
      return;
    }
    times[event]++;
    if (!fields.isEmpty() && fields.hash(point) != sent.fieldHash(event)) {
      damaged++;
    }
  }

  boolean areComplete() {
    for (int each : times) {
      if (each == 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns how many events were due in that time, and how many of them are lost. */
  long[] dueAndLost(long fromMicros, long toMicros) {
    long[] counts = new long[2];
    for (int i = 0; i < times.length; i++) {
      if (sent.dueMicros(i) >= fromMicros && sent.dueMicros(i) < toMicros) {
        counts[0]++;
        counts[1] += times[i] == 0 ? 1 : 0;
      }
    }
    return counts;
  }

  /**
   * @param records sent
   * @param early events that were acknowledged before they were stored
   */
  Events events(long records, long early) {
    long stored = 0;
    long doubled = 0;
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      if (times[i] > 0) {
        stored++;
        doubled += times[i] - 1;
      } else if (lost.size() < SHOWN_IDS) {
        lost.add(sent.id(i).toString());
      }
    }
    return new Events(
        records,
        times.length,
        stored,
        times.length - stored,
        doubled,
        damaged,
        early,
        unasked,
        lost);
  }
}
