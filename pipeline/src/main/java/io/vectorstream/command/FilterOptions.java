package io.vectorstream.command;

import io.vectorstream.store.SearchFilter;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** The options that select products, and limit their number. */
final class FilterOptions {

  @Option(
      names = "--category",
      paramLabel = "NAME",
      description = "Only products of this category, at any level of it.")
  private String category;

  @Option(
      names = "--min-price",
      paramLabel = "PRICE",
      description = "Only products that cost this much or more.")
  private Double minPrice;

  @Option(
      names = "--max-price",
      paramLabel = "PRICE",
      description = "Only products that cost this much or less.")
  private Double maxPrice;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many products to show, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  SearchFilter filter() {
    return new SearchFilter(Optional.ofNullable(category), optional(minPrice), optional(maxPrice));
  }

  int limit() {
    if (limit < 1 || limit > 1000) {
      throw new IllegalArgumentException("--limit is " + limit + ", expected 1 to 1000");
    }
    return limit;
  }

  private static OptionalDouble optional(Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
