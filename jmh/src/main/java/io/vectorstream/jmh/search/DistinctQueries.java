package io.vectorstream.jmh.search;

import io.vectorstream.generator.Catalog;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Queries for a catalogue, no two of them the same, so that no cache answers: a few words of a
 * product's name, in their order.
 */
final class DistinctQueries {
  private static final int FEWEST_WORDS = 2;
  private static final int MOST_WORDS = 5;

  private DistinctQueries() {}

  /**
   * @throws IllegalArgumentException if the catalogue has not so many
   */
  static List<String> of(Catalog catalog, int count, long seed) {
    Random random = new Random(seed);
    List<Product> products = catalog.products();
    Set<String> queries = new LinkedHashSet<>();
    for (int tries = 0; queries.size() < count; tries++) {
      if (tries > 100 * count) {
        throw new IllegalArgumentException(
            "%,d products have no %,d different queries".formatted(products.size(), count));
      }
      queries.add(someWords(products.get(random.nextInt(products.size())).name(), random));
    }
    return List.copyOf(queries);
  }

  private static String someWords(String name, Random random) {
    List<String> words = new ArrayList<>(Arrays.asList(name.split(" ")));
    int wanted = FEWEST_WORDS + random.nextInt(MOST_WORDS - FEWEST_WORDS + 1);
    while (words.size() > wanted) {
      words.remove(random.nextInt(words.size()));
    }
    return String.join(" ", words);
  }
}
