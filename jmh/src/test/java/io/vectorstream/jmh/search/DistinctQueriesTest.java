package io.vectorstream.jmh.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.generator.Catalog;
import io.vectorstream.shop.Product;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistinctQueriesTest {
  private final Catalog catalog = Catalog.generate(200, 1);

  @Test
  void no_query_comes_twice_and_each_is_words_of_a_name() {
    List<String> queries = DistinctQueries.of(catalog, 1000, 7);

    assertThat(queries).hasSize(1000).doesNotHaveDuplicates();
    List<List<String>> names =
        catalog.products().stream()
            .map(Product::name)
            .map(name -> List.of(name.split(" ")))
            .toList();
    assertThat(queries)
        .allSatisfy(
            query ->
                assertThat(names).anyMatch(name -> name.containsAll(List.of(query.split(" ")))));
    assertThat(DistinctQueries.of(catalog, 1000, 7)).isEqualTo(queries);
  }

  @Test
  void more_than_the_catalogue_has_are_refused() {
    assertThatThrownBy(() -> DistinctQueries.of(Catalog.generate(1, 1), 1000, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 products have no 1,000 different queries");
  }
}
