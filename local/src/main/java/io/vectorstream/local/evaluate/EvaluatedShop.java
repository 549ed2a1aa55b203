package io.vectorstream.local.evaluate;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.Product;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The shop whose recommendations are evaluated.
 *
 * @param name of its catalogue, or of the files with its events
 * @param simulated whether its shoppers are made up
 * @param catalogue all products that may be recommended
 * @param events in the order of their times
 * @param tastes the categories that each shopper likes, the strongest first; empty where nobody
 *     knows them
 */
public record EvaluatedShop(
    String name,
    boolean simulated,
    List<Product> catalogue,
    List<ShopEvent> events,
    Optional<Function<String, List<String>>> tastes) {

  /** Returns the shop of a log; its catalogue is the products in it, as described last. */
  public static EvaluatedShop of(EventLog log) {
    Map<String, Product> products = new LinkedHashMap<>();
    for (ShopEvent event : log.events()) {
      if (event.product() != null) {
        products.put(event.product().id(), event.product());
      }
    }
    return new EvaluatedShop(
        log.name(), false, List.copyOf(products.values()), log.events(), Optional.empty());
  }

  int users() {
    return (int) events.stream().map(ShopEvent::userId).distinct().count();
  }

  int sessionsPerUser() {
    long sessions =
        events.stream().map(event -> event.userId() + "\0" + event.sessionId()).distinct().count();
    return (int) Math.round((double) sessions / users());
  }

  /** Returns the days from the first event to the last. */
  double days() {
    long micros = events.get(events.size() - 1).countedAtMicros() - events.get(0).countedAtMicros();
    return micros / 86_400e6;
  }
}
