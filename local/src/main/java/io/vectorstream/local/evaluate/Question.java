package io.vectorstream.local.evaluate;

import java.util.List;
import java.util.Set;

/**
 * A question for a contender: which products to recommend to a user before the events held out.
 *
 * @param relevant the right answers, at least one: see {@link Split}
 * @param known the products of the user's earlier events, the first of them first
 * @param excluded those of them that no contender recommends
 * @param last the product that the user wanted last before; null if there is none
 * @param eventsBefore the user's earlier events
 */
record Question(
    String userId,
    Set<String> relevant,
    Set<String> known,
    Set<String> excluded,
    String last,
    int eventsBefore) {

  /** Returns the first of these products that may be recommended. */
  List<String> allowed(List<String> products, int limit) {
    return products.stream().filter(id -> !excluded.contains(id)).limit(limit).toList();
  }
}
