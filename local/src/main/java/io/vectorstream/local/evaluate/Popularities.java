package io.vectorstream.local.evaluate;

import io.vectorstream.event.ShopEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The share of users who know each product. A list is novel as far as few users know what is in it:
 * the mean of {@code -log2(share)} over its products (T. Zhou, Z. Kuscsik, J. Liu, M. Medo, J.
 * Wakeling, Y. Zhang: Solving the apparent diversity-accuracy dilemma of recommender systems, PNAS
 * 107(10), 2010). A product that nobody knows counts as one that a single user knows.
 */
final class Popularities {

  private final Map<String, Set<String>> usersOf = new HashMap<>();
  private final int users;

  Popularities(List<ShopEvent> training) {
    Set<String> all = new HashSet<>();
    for (ShopEvent event : training) {
      all.add(event.userId());
      if (event.product() != null) {
        usersOf.computeIfAbsent(event.product().id(), id -> new HashSet<>()).add(event.userId());
      }
    }
    this.users = all.size();
  }

  /**
   * @param list not empty
   * @return bits
   */
  double novelty(List<String> list) {
    return list.stream()
        .mapToDouble(id -> Math.log((double) users / usersOf.getOrDefault(id, Set.of("")).size()))
        .map(nats -> nats / Math.log(2))
        .average()
        .orElseThrow();
  }
}
