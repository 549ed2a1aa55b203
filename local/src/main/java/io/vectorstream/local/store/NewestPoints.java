package io.vectorstream.local.store;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The points with the latest times in one field, kept in memory from the first request for them on:
 * the live page asks for the newest events every few seconds, of a collection with millions.
 */
final class NewestPoints {

  /** The number of points that are kept. */
  static final int MOST = 1_000;

  /**
   * @param micros since 1970
   */
  record Timed(long micros, PointKey point) {}

  private static final Comparator<Timed> OLDEST_FIRST =
      Comparator.comparingLong(Timed::micros).thenComparing(Timed::point);

  private final IndexedField field;
  private final NavigableSet<Timed> newest = new TreeSet<>(OLDEST_FIRST);
  private final Map<PointKey, List<Timed>> ofPoint = new HashMap<>();

  /** The latest of those that are not kept; null while all are. */
  private Timed left;

  NewestPoints(IndexedField field) {
    this.field = field;
  }

  /**
   * Takes in a point as it is now.
   *
   * @param payload null for a point that is gone
   */
  synchronized void put(PointKey point, StoredPayload payload) {
    List<Timed> before = ofPoint.remove(point);
    if (before != null) {
      before.forEach(newest::remove);
    }
    if (payload == null) {
      return;
    }
    for (ByteString text : field.keywords(payload)) {
      Instant time = Datetimes.parse(text.toStringUtf8());
      if (time != null) {
        add(new Timed(Datetimes.micros(time), point));
      }
    }
  }

  private void add(Timed timed) {
    if (left != null && OLDEST_FIRST.compare(timed, left) < 0) {
      return;
    }
    newest.add(timed);
    ofPoint.computeIfAbsent(timed.point(), key -> new ArrayList<>(1)).add(timed);
    if (newest.size() > MOST) {
      left = newest.pollFirst();
      ofPoint.computeIfPresent(
          left.point(),
          (key, times) -> {
            times.remove(left);
            return times.isEmpty() ? null : times;
          });
    }
  }

  /** Returns the newest ones, the latest first; null when so many are not known any more. */
  synchronized List<Timed> first(long limit) {
    if (newest.size() < limit && left != null) {
      return null;
    }
    return newest.descendingSet().stream().limit(limit).toList();
  }
}
