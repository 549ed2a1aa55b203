package io.vectorstream.local.evaluate;

import io.vectorstream.event.ShopEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A contender that knows behaviour alone: item-based collaborative filtering. Two products are
 * alike as far as the same users wanted both, by the cosine of their binary columns: {@code |A and
 * B| / sqrt(|A| |B|)} (B. Sarwar, G. Karypis, J. Konstan, J. Riedl: Item-Based Collaborative
 * Filtering Recommendation Algorithms, WWW 2001). A product's score for a user is the sum of its
 * likeness to all products that the user wanted.
 */
final class ItemNeighbours implements Contender {

  private final List<String> products;
  private final Map<String, int[]> productsOf = new HashMap<>();
  private final List<List<int[]>> basketsWith = new ArrayList<>();

  /** The likeness of all products to one, computed when it is first needed. */
  private final Map<Integer, float[]> rows = new HashMap<>();

  ItemNeighbours(List<ShopEvent> training) {
    Map<String, Set<String>> baskets = new HashMap<>();
    for (ShopEvent event : training) {
      if (Split.isWanted(event.type())) {
        baskets
            .computeIfAbsent(event.userId(), id -> new LinkedHashSet<>())
            .add(event.product().id());
      }
    }
    products = baskets.values().stream().flatMap(Set::stream).distinct().sorted().toList();
    Map<String, Integer> numbers = new HashMap<>();
    products.forEach(
        id -> {
          numbers.put(id, numbers.size());
          basketsWith.add(new ArrayList<>());
        });
    baskets.forEach(
        (user, basket) -> {
          int[] those = basket.stream().mapToInt(numbers::get).toArray();
          productsOf.put(user, those);
          IntStream.of(those).forEach(product -> basketsWith.get(product).add(those));
        });
  }

  @Override
  public List<String> recommend(Question question, int limit) {
    double[] scores = new double[products.size()];
    for (int known : productsOf.getOrDefault(question.userId(), new int[0])) {
      float[] row = rows.computeIfAbsent(known, this::row);
      for (int i = 0; i < scores.length; i++) {
        scores[i] += row[i];
      }
    }
    return question.allowed(
        IntStream.range(0, scores.length)
            .filter(i -> scores[i] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .map(products::get)
            .toList(),
        limit);
  }

  private float[] row(int product) {
    int[] together = new int[products.size()];
    for (int[] basket : basketsWith.get(product)) {
      for (int other : basket) {
        together[other]++;
      }
    }
    together[product] = 0;
    float[] row = new float[together.length];
    for (int i = 0; i < row.length; i++) {
      if (together[i] > 0) {
        double wanted = (double) basketsWith.get(product).size() * basketsWith.get(i).size();
        row[i] = (float) (together[i] / Math.sqrt(wanted));
      }
    }
    return row;
  }
}
