package io.vectorstream.local.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.local.points.ForeignCollection;
import io.vectorstream.local.points.Point;
import io.vectorstream.local.system.SystemDescription.Sum;
import io.vectorstream.reports.result.SystemsResult.Sums;
import io.vectorstream.shop.EventType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sums that a system should have, of the events that were sent, each counted once; and their
 * comparison with those that it has. One thread adds events; when it is done, another compares.
 */
final class ExpectedSums {
  private static final int EXAMPLES = 3;

  /** Half a hundredth: prices have two decimal places. */
  private static final double TOLERANCE = 0.005;

  private final Sum sum;
  private final Map<String, Group> groups = new HashMap<>();

  /** The sums of one key. */
  private static final class Group {
    private final Map<String, Long> counts = new HashMap<>();
    private BigDecimal revenue = BigDecimal.ZERO;
  }

  ExpectedSums(Sum sum) {
    this.sum = sum;
  }

  void add(JsonNode event) {
    EventFields.text(event, sum.key())
        .ifPresent(
            key -> {
              Group group = groups.computeIfAbsent(key, first -> new Group());
              group.counts.merge(event.path("event_type").asText(), 1L, Long::sum);
              group.revenue = group.revenue.add(revenue(event));
            });
  }

  private static BigDecimal revenue(JsonNode event) {
    if (!event.path("event_type").asText().equals("purchase")) {
      return BigDecimal.ZERO;
    }
    return event.has("total_amount")
        ? event.path("total_amount").decimalValue()
        : event
            .at("/product/price")
            .decimalValue()
            .multiply(BigDecimal.valueOf(event.path("quantity").asLong(1)));
  }

  /** Compares them with what a collection has. */
  Sums compare(ForeignCollection collection) {
    Set<String> fields = new HashSet<>(Set.of(sum.keyInPoint()));
    if (sum.counts() != null) {
      fields.add(sum.counts());
    }
    if (sum.revenue() != null) {
      fields.add(sum.revenue());
    }
    Set<String> right = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    collection.read(
        fields,
        point ->
            point
                .text(sum.keyInPoint())
                .ifPresent(
                    key -> {
                      if (isRight(key, point)) {
                        right.add(key);
                      } else {
                        wrong.add("%s %s".formatted(sum.key(), key));
                      }
                    }));
    groups.keySet().stream()
        .filter(key -> !right.contains(key) && !wrong.contains(sum.key() + " " + key))
        .forEach(key -> wrong.add("%s %s, which is missing".formatted(sum.key(), key)));
    return new Sums(
        right.size() + wrong.size(), wrong.size(), wrong.stream().limit(EXAMPLES).toList());
  }

  /** Returns whether a point has the sums of its key; one that no event is about has none. */
  private boolean isRight(String key, Point point) {
    Group group = groups.getOrDefault(key, new Group());
    return (sum.counts() == null || countsAreRight(group, point))
        && (sum.revenue() == null
            || Math.abs(point.number(sum.revenue()).orElse(0.0) - group.revenue.doubleValue())
                < TOLERANCE + 1e-12 * group.revenue.doubleValue());
  }

  private boolean countsAreRight(Group group, Point point) {
    return EventType.names().stream()
        .allMatch(
            type -> {
              long expected = group.counts.getOrDefault(type, 0L);
              return point.number(sum.counts() + "." + type).orElse(0.0) == expected;
            });
  }
}
