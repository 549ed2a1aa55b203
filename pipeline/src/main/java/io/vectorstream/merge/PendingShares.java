package io.vectorstream.merge;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The shares of an interest that wait for the embedding of what they are about. They are added when
 * it is there, and the interest is then what it would have been: a sum does not depend on the order
 * of its parts. What the interest of a user waits for is bounded, as it is written with each of the
 * user's points: beyond the bound, those that count least are given up.
 *
 * @param products weight by product text's hash, as of the interest's own time
 * @param queries weight by search query, likewise
 */
public record PendingShares(Map<String, Double> products, Map<String, Double> queries) {

  public static final PendingShares NONE = new PendingShares(Map.of(), Map.of());

  /** Characters of all queries: 3 MB in UTF-8, where a server takes messages of 32 MB. */
  private static final long LARGEST = 1 << 20;

  private record Share(Map<String, Double> kind, String text, double size) {

    private static final Comparator<Share> LARGEST_FIRST =
        Comparator.comparingDouble(Share::size).reversed().thenComparing(Share::text);
  }

  /** How many there are. */
  public int count() {
    return products.size() + queries.size();
  }

  /** Those that count most; the very same if there are no more than that, nor too long ones. */
  PendingShares atMost(int most) {
    if (count() <= most && characters() <= LARGEST) {
      return this;
    }
    List<Share> largestFirst =
        Stream.of(products, queries)
            .flatMap(
                kind ->
                    kind.entrySet().stream()
                        .map(share -> new Share(kind, share.getKey(), Math.abs(share.getValue()))))
            .sorted(Share.LARGEST_FIRST)
            .toList();
    PendingShares kept = new PendingShares(new HashMap<>(), new HashMap<>());
    long characters = 0;
    for (Share share : largestFirst) {
      if (kept.count() < most && characters + share.text().length() <= LARGEST) {
        characters += share.text().length();
        (share.kind() == products ? kept.products : kept.queries)
            .put(share.text(), share.kind().get(share.text()));
      }
    }
    return kept;
  }

  private long characters() {
    ToLongFunction<Map<String, Double>> length =
        kind -> kind.keySet().stream().mapToLong(String::length).sum();
    return length.applyAsLong(products) + length.applyAsLong(queries);
  }
}
