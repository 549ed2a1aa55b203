package io.vectorstream.store;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a product must be to be found.
 *
 * @param category any level of its category, in upper or lower case
 */
public record SearchFilter(
    Optional<String> category, OptionalDouble minPrice, OptionalDouble maxPrice) {

  /** Lets everything through. */
  public static final SearchFilter NONE =
      new SearchFilter(Optional.empty(), OptionalDouble.empty(), OptionalDouble.empty());
}
