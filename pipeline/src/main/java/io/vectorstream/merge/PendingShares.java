package io.vectorstream.merge;

import java.util.Map;

/**
 * The shares of an interest that wait for the embedding of what they are about. They are added when
 * it is there, and the interest is then what it would have been: a sum does not depend on the order
 * of its parts.
 *
 * @param products weight by product text's hash, as of the interest's own time
 * @param queries weight by search query, likewise
 */
public record PendingShares(Map<String, Double> products, Map<String, Double> queries) {

  public static final PendingShares NONE = new PendingShares(Map.of(), Map.of());
}
