package io.vectorstream.store;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The conditions of a product search.
 *
 * @param category any level of its category, in upper or lower case
 */
public record SearchFilter(
    Optional<String> category, OptionalDouble minPrice, OptionalDouble maxPrice) {

  /** The filter that every product passes. */
  public static final SearchFilter NONE =
      new SearchFilter(Optional.empty(), OptionalDouble.empty(), OptionalDouble.empty());
}
