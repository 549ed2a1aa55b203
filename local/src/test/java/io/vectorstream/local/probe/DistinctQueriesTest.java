package io.vectorstream.local.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.generator.Catalog;
import io.vectorstream.shop.Product;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DistinctQueriesTest {
  private final List<Product> products = Catalog.generate(200, 1).products();

  private List<String> thousand() {
    DistinctQueries queries = new DistinctQueries(products, 7);
    return Stream.generate(queries::next).limit(1000).toList();
  }

  @Test
  void no_query_comes_twice_and_each_is_words_of_a_name() {
    List<String> queries = thousand();

    assertThat(queries).doesNotHaveDuplicates();
    List<List<String>> names =
        products.stream().map(Product::name).map(name -> List.of(name.split(" "))).toList();
    assertThat(queries)
        .allSatisfy(
            query ->
                assertThat(names).anyMatch(name -> name.containsAll(List.of(query.split(" ")))));
    assertThat(thousand()).isEqualTo(queries);
  }

  @Test
  void a_catalogue_that_has_no_more_gives_some_again() {
    DistinctQueries queries = new DistinctQueries(products.subList(0, 1), 7);

    assertThat(Stream.generate(queries::next).limit(1000)).hasSize(1000).doesNotContainNull();
  }
}
