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

  /** The multiple of the limit at which products are sorted, because sorting takes time. */
  private static final int SLACK = 4;

  private static final Comparator<Seen> LATEST_FIRST =
      Comparator.comparingLong(Seen::atMicros).reversed().thenComparing(Seen::productId);

  private final Map<String, Long> latest = new HashMap<>();
  private final int limit;

  /**
   * @param limit products that are kept at least. A product that was left out is earlier than all
   *     of them, unless it is touched again
   */
  LastProducts(int limit) {
    this.limit = limit;
  }

  void add(String productId, long atMicros) {
    latest.merge(productId, atMicros, Math::max);
    if (latest.size() > SLACK * limit) {
      latest.keySet().retainAll(latestFirst(limit).stream().map(Seen::productId).toList());
    }
  }

  /** Returns the number of characters in the products' ids. */
  long size() {
    return latest.keySet().stream().mapToLong(String::length).sum();
  }

  void add(LastProducts other) {
    other.latest.forEach(this::add);
  }

  /** Returns at most {@code limit} products, the latest first, then in the order of ids. */
  List<Seen> latestFirst(int limit) {
    return latest.entrySet().stream()
        .map(entry -> new Seen(entry.getKey(), entry.getValue()))
        .sorted(LATEST_FIRST)
        .limit(limit)
        .toList();
  }
}
