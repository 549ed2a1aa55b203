package io.vectorstream.local.evaluate;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.generator.FunnelOdds;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A contender with knowledge that no shop has: the categories that the generator gave a user as
 * tastes, and how often it draws from each. Products are ranked by the probability that the
 * generator draws them next, as far as their popularity in the training part shows it. Prices, and
 * what goes with a product, are left out. About the best that tastes alone make possible.
 */
final class KnownTastes implements Contender {

  private static final Pattern LEVEL = Pattern.compile("\\s*\\|\\s*");

  private final Function<String, List<String>> tastesOf;
  private final Map<String, String> categories = new HashMap<>();
  private final Map<String, Double> popularity = new HashMap<>();
  private final Map<String, Double> categoryPopularity = new HashMap<>();
  private final double all;

  /**
   * @param tastesOf the tastes of a user, the strongest first
   */
  KnownTastes(
      List<Product> catalogue, List<ShopEvent> training, Function<String, List<String>> tastesOf) {
    this.tastesOf = tastesOf;
    catalogue.forEach(product -> categories.put(product.id(), taste(product.category())));
    training.stream()
        .filter(event -> event.product() != null)
        .map(event -> event.product().id())
        .forEach(
            id -> {
              popularity.merge(id, 1.0, Double::sum);
              categoryPopularity.merge(categories.get(id), 1.0, Double::sum);
            });
    this.all = popularity.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Returns a product's taste: its category, or the first two levels of its path. */
  private static String taste(String category) {
    String[] levels = LEVEL.split(category);
    return levels.length == 1 ? levels[0] : levels[0] + " | " + levels[1];
  }

  @Override
  public List<String> recommend(Question question, int limit) {
    List<String> tastes = tastesOf.apply(question.userId());
    double within = FunnelOdds.defaults().withinTastes();
    Map<String, Double> probability = new HashMap<>();
    popularity.forEach(
        (id, events) -> {
          int taste = tastes.indexOf(categories.get(id));
          double wanted =
              taste < 0
                  ? 0
                  : share(taste, tastes.size()) / categoryPopularity.get(categories.get(id));
          probability.put(id, events * (within * wanted + (1 - within) / all));
        });
    List<String> products = new ArrayList<>(probability.keySet());
    products.removeAll(question.excluded());
    products.sort(
        Comparator.comparing((String id) -> probability.get(id))
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    return products.subList(0, Math.min(limit, products.size()));
  }

  /** Returns how often the lower of two random numbers below {@code tastes} is this one. */
  static double share(int taste, int tastes) {
    double from = tastes - taste;
    double to = from - 1;
    return (from * from - to * to) / ((double) tastes * tastes);
  }
}
