package io.vectorstream.store;

import java.util.Map;

/**
 * What counts in the choice of products beside their nearness.
 *
 * @param popularity is added to a cosine each time that a product's number of events doubles
 * @param extra is added for single products, by their ids; these are candidates however far they
 *     are
 */
public record Ranking(double popularity, Map<String, Double> extra) {

  /** Nothing but nearness. */
  public static final Ranking BY_NEARNESS = new Ranking(0, Map.of());
}
