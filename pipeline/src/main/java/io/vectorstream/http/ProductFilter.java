package io.vectorstream.http;

import io.vectorstream.http.Problem.WrongParameter;
import io.vectorstream.store.SearchFilter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The parameters that select products, and limit their number. */
final class ProductFilter {
  private static final Parameter<String> CATEGORY =
      Parameter.text("category", 200, "Only products of this category, at any level of it.");
  private static final Parameter<Double> MIN_PRICE =
      Parameter.decimal(
          "min_price", 0, Double.MAX_VALUE, "Only products that cost this much or more.");
  private static final Parameter<Double> MAX_PRICE =
      Parameter.decimal(
          "max_price", 0, Double.MAX_VALUE, "Only products that cost this much or less.");

  static final Parameter<Integer> LIMIT =
      Parameter.number("limit", 1, 100, "How many results, at most.").or(10);

  static final List<Parameter<?>> PARAMETERS = List.of(CATEGORY, MIN_PRICE, MAX_PRICE, LIMIT);

  private ProductFilter() {}

  static SearchFilter of(Request request) {
    Optional<Double> least = request.find(MIN_PRICE);
    Optional<Double> most = request.find(MAX_PRICE);
    if (least.isPresent() && most.isPresent() && least.get() > most.get()) {
      throw new RequestException(
          List.of(
              new WrongParameter(
                  MIN_PRICE.name(),
                  "is %s; expected max_price, which is %s, or less"
                      .formatted(least.get(), most.get()))));
    }
    return new SearchFilter(request.find(CATEGORY), optional(least), optional(most));
  }

  private static OptionalDouble optional(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }
}
