package io.vectorstream.local.probe;

import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Queries for a catalogue, no two of them the same as long as it has others, so that no cache
 * answers: a few words of a product's name, in their order.
 */
final class DistinctQueries {
  private static final int FEWEST_WORDS = 2;
  private static final int MOST_WORDS = 5;
  private static final int TRIES = 100;

  private final List<Product> products;
  private final Random random;
  private final Set<String> given = new HashSet<>();

  DistinctQueries(List<Product> products, long seed) {
    this.products = products;
    this.random = new Random(seed);
  }

  /** Returns another query; one that was there before, if the catalogue seems to have no others. */
  synchronized String next() {
    String query = someWords();
    for (int tries = 1; !given.add(query) && tries < TRIES; tries++) {
      query = someWords();
    }
    return query;
  }

  private String someWords() {
    String name = products.get(random.nextInt(products.size())).name();
    List<String> words = new ArrayList<>(Arrays.asList(name.split(" ")));
    int wanted = FEWEST_WORDS + random.nextInt(MOST_WORDS - FEWEST_WORDS + 1);
    while (words.size() > wanted) {
      words.remove(random.nextInt(words.size()));
    }
    return String.join(" ", words);
  }
}
