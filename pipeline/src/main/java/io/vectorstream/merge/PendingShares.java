package io.vectorstream.merge;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The shares of an interest that wait for the embedding of their subject. When they are added
 * later, the interest is the same as without the wait: a sum does not depend on the order of its
 * parts. The number of texts that an interest waits for is bounded, because they are written with
 * each of the user's points. Beyond the bound, those with the least weight are dropped.
 *
 * @param products weight by product text's hash, as of the interest's own time
 * @param queries weight by search query, likewise
 */
public record PendingShares(Map<String, Double> products, Map<String, Double> queries) {

  public static final PendingShares NONE = new PendingShares(Map.of(), Map.of());

  /** The limit of characters in all queries: 3 MB in UTF-8, of a server's 32 MB for a message. */
  private static final long LARGEST = 1 << 20;

  private record Share(Map<String, Double> kind, String text, double size) {

    private static final Comparator<Share> LARGEST_FIRST =
        Comparator.comparingDouble(Share::size).reversed().thenComparing(Share::text);
  }

  /** Returns the number of shares. */
  public int count() {
    return products.size() + queries.size();
  }

  /** Returns the shares with the most weight; this very object if all fit. */
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
