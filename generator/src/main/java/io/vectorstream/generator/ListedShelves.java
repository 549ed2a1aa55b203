package io.vectorstream.generator;

import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The shelves of a catalogue that was read, one for each category path. The queries are derived
 * from its texts: the last level of the path, and beginnings of names.
 */
final class ListedShelves {

  private static final Pattern LEVEL = Pattern.compile("\\s*\\|\\s*");
  private static final Pattern WORD_BREAK = Pattern.compile("[^\\p{L}\\p{N}'-]+");

  /** The limit of queries, because each further query costs an embedding in the pipeline. */
  private static final int MOST_QUERIES = 1000;

  private static final int WORDS_OF_A_NAME = 4;

  private ListedShelves() {}

  static List<Shelf> of(List<Product> products) {
    Map<String, List<Integer>> byCategory = new LinkedHashMap<>();
    for (int i = 0; i < products.size(); i++) {
      byCategory.computeIfAbsent(products.get(i).category(), c -> new ArrayList<>()).add(i);
    }
    // Every shelf gets its share, and none more than one query a product and one for the category.
    int share = Math.max(1, MOST_QUERIES / byCategory.size());
    int left = MOST_QUERIES;
    List<Shelf> shelves = new ArrayList<>();
    for (Map.Entry<String, List<Integer>> entry : byCategory.entrySet()) {
      String[] levels = LEVEL.split(entry.getKey());
      Set<String> queries = new LinkedHashSet<>();
      addWords(queries, levels[levels.length - 1], Integer.MAX_VALUE);
      for (int product : entry.getValue()) {
        if (queries.size() >= share) {
          break;
        }
        addWords(queries, products.get(product).name(), WORDS_OF_A_NAME);
      }
      List<String> kept = queries.stream().limit(left).toList();
      left -= kept.size();
      shelves.add(
          new Shelf(
              levels.length == 1 ? levels[0] : levels[0] + " | " + levels[1],
              entry.getValue().stream().mapToInt(Integer::intValue).toArray(),
              kept));
    }
    return shelves;
  }

  private static void addWords(Set<String> queries, String text, int most) {
    List<String> words =
        WORD_BREAK
            .splitAsStream(text.toLowerCase(Locale.ROOT))
            .filter(word -> !word.isEmpty())
            .limit(most)
            .toList();
    if (!words.isEmpty()) {
      queries.add(String.join(" ", words));
    }
  }
}
