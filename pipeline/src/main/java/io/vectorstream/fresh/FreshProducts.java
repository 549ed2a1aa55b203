package io.vectorstream.fresh;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.fresh.MergedOffsets.Age;
import io.vectorstream.fresh.Overlay.View;
import io.vectorstream.merge.Trend;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.ProductQueries.Demanded;
import io.vectorstream.store.SearchFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Products in demand, with the demand that no batch has merged yet. */
final class FreshProducts {

  /** The products with the most fresh demand that can come up besides those in most demand. */
  private static final int CANDIDATES = 500;

  private final Overlay overlay;
  private final ProductQueries queries;

  FreshProducts(Overlay overlay, ProductQueries queries) {
    this.overlay = overlay;
    this.queries = queries;
  }

  FreshTrending trending(
      SearchFilter filter, int limit, Instant now, Function<Integer, List<ProductHit>> stored) {
    return overlay.answer(
        overlay.all(),
        view -> trending(filter, limit, now, view),
        fresh -> new FreshTrending(stored.apply(limit), fresh));
  }

  private Optional<FreshTrending> trending(SearchFilter filter, int limit, Instant now, View view) {
    List<ShopEvent> events =
        view.withoutRepeats(view.events().stream().filter(FreshProducts::isDemand).toList());
    if (events.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<ShopEvent>> byProduct = new HashMap<>();
    events.forEach(
        event ->
            byProduct.computeIfAbsent(event.product().id(), id -> new ArrayList<>()).add(event));
    view.unsettle();
    Map<String, Demanded> products = new LinkedHashMap<>();
    queries
        .demanded(filter, limit, now)
        .forEach(product -> products.put(product.hit().id(), product));
    queries
        .demandedAmong(filter, mostWanted(byProduct), now)
        .forEach(product -> products.put(product.hit().id(), product));
    List<ShopEvent> counted = new ArrayList<>();
    List<ProductHit> hits = new ArrayList<>();
    for (Demanded product : products.values()) {
      List<ShopEvent> its = byProduct.getOrDefault(product.hit().id(), List.of());
      Age age = its.isEmpty() ? Age.BEFORE : view.age(product.batch());
      List<ShopEvent> missing = its.stream().filter(event -> view.isMissing(event, age)).toList();
      double trend = missing.stream().mapToDouble(Trend::of).reduce(product.trend(), Trend::sum);
      counted.addAll(missing);
      if (trend != Trend.NONE) {
        hits.add(product.hit().withScore(Trend.score(trend, now)));
      }
    }
    hits.sort(Comparator.comparingDouble(ProductHit::score).reversed());
    return Optional.of(
        new FreshTrending(
            hits.stream().limit(limit).toList(), Freshness.of(counted, view.isComplete())));
  }

  private static boolean isDemand(Held held) {
    return held.event().product() != null && Trend.of(held.event()) != Trend.NONE;
  }

  private static List<String> mostWanted(Map<String, List<ShopEvent>> byProduct) {
    Map<String, Double> trends = new HashMap<>();
    byProduct.forEach(
        (id, events) ->
            trends.put(id, events.stream().mapToDouble(Trend::of).reduce(Trend.NONE, Trend::sum)));
    return trends.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(CANDIDATES)
        .map(Map.Entry::getKey)
        .toList();
  }
}
