package io.vectorstream.merge;

import io.vectorstream.merge.UserState.Seen;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The products that a user touched last, each with the latest time; the same whatever the order of
 * the events.
 */
final class LastProducts implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Comparator<Seen> LATEST_FIRST =
      Comparator.comparingLong(Seen::atMicros).reversed().thenComparing(Seen::productId);

  private final Map<String, Long> latest = new HashMap<>();

  void add(String productId, long atMicros) {
    latest.merge(productId, atMicros, Math::max);
  }

  /** Characters of the products' ids. */
  long size() {
    return latest.keySet().stream().mapToLong(String::length).sum();
  }

  void add(LastProducts other) {
    other.latest.forEach(this::add);
  }

  /** The latest first, at most {@code limit}; those of the same time in the order of their ids. */
  List<Seen> latestFirst(int limit) {
    return latest.entrySet().stream()
        .map(entry -> new Seen(entry.getKey(), entry.getValue()))
        .sorted(LATEST_FIRST)
        .limit(limit)
        .toList();
  }
}
