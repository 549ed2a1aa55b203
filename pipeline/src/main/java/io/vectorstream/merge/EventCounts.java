package io.vectorstream.merge;

import io.vectorstream.shop.EventType;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The numbers of events by type. */
public final class EventCounts implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final EventType[] TYPES = EventType.values();

  private final long[] byType = new long[TYPES.length];

  public void add(EventType type, long count) {
    byType[type.ordinal()] += count;
  }

  public void add(EventCounts other) {
    for (EventType type : TYPES) {
      add(type, other.of(type));
    }
  }

  public long of(EventType type) {
    return byType[type.ordinal()];
  }

  public long total() {
    long total = 0;
    for (long count : byType) {
      total += count;
    }
    return total;
  }

  /** Returns whether both have the same numbers. */
  public boolean areEqual(EventCounts other) {
    return Arrays.equals(byType, other.byType);
  }

  /** Returns the numbers by the types' JSON names, with 0 for a type that was not seen. */
  public Map<String, Long> asMap() {
    Map<String, Long> map = new TreeMap<>();
    for (EventType type : TYPES) {
      map.put(type.json(), of(type));
    }
    return map;
  }
}
