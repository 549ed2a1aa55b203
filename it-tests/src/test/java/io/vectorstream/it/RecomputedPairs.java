package io.vectorstream.it;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The expected pairs of products after these events, computed event by event in their order:
 * without batches, without merging.
 */
public final class RecomputedPairs {

  private static final List<String> ENGAGEMENTS = List.of("seen", "carted", "bought");

  /** One pair, of one engagement. */
  private record Pair(Instant at, String engagement) {}

  private final Settings.Interest settings;
  private final Function<ObjectNode, Instant> time;
  private final Map<String, Map<String, List<Pair>>> pairs = new TreeMap<>();

  /**
   * @param events each once, those of one user in the order of their records
   * @param time returns when an event counts
   */
  RecomputedPairs(
      Settings.Interest settings,
      Collection<ObjectNode> events,
      Function<ObjectNode, Instant> time) {
    this.settings = settings;
    this.time = time;
    Map<String, Map<String, Integer>> trails = new HashMap<>();
    for (ObjectNode event : events) {
      int engagement =
          switch (event.path("event_type").textValue()) {
            case "view", "wishlist_add" -> 0;
            case "add_to_cart" -> 1;
            case "purchase" -> 2;
            default -> -1;
          };
      if (engagement >= 0 && event.has("product")) {
        add(
            event,
            engagement,
            trails.computeIfAbsent(
                event.path("user_id").textValue(), user -> new LinkedHashMap<>()));
      }
    }
  }

  private void add(ObjectNode event, int engagement, Map<String, Integer> trail) {
    String product = event.at("/product/id").textValue();
    int before = trail.getOrDefault(product, -1);
    for (int level = before + 1; level <= engagement; level++) {
      for (Map.Entry<String, Integer> other : trail.entrySet()) {
        if (!other.getKey().equals(product) && other.getValue() >= level) {
          Pair pair = new Pair(time.apply(event), ENGAGEMENTS.get(level));
          note(product, other.getKey(), pair);
          note(other.getKey(), product, pair);
        }
      }
    }
    trail.put(product, Math.max(before, engagement));
    if (trail.size() > settings.lastProducts()) {
      trail.remove(trail.keySet().iterator().next());
    }
  }

  private void note(String product, String partner, Pair pair) {
    pairs
        .computeIfAbsent(product, id -> new TreeMap<>())
        .computeIfAbsent(partner, id -> new ArrayList<>())
        .add(pair);
  }

  /** Returns the partners of each product that has any. */
  Map<String, Collection<String>> partners() {
    Map<String, Collection<String>> partners = new TreeMap<>();
    pairs.forEach((product, some) -> partners.put(product, some.keySet()));
    return partners;
  }

  /** Returns the decayed number of a pair. */
  double sum(String product, String partner, String engagement, Instant at) {
    return pairs.get(product).get(partner).stream()
        .filter(pair -> pair.engagement().equals(engagement))
        .mapToDouble(
            pair ->
                Math.pow(
                    2,
                    -(double) Duration.between(pair.at(), at).toNanos()
                        / settings.pairs().halfLife().toNanos()))
        .sum();
  }

  /** Returns the decayed number of a product's pairs. */
  double sum(String product, String engagement, Instant at) {
    return pairs.get(product).keySet().stream()
        .mapToDouble(partner -> sum(product, partner, engagement, at))
        .sum();
  }

  static List<String> engagements() {
    return ENGAGEMENTS;
  }
}
