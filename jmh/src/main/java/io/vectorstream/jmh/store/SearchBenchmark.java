package io.vectorstream.jmh.store;

import com.google.common.collect.Lists;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.generator.Catalog;
import io.vectorstream.merge.ProductState;
import io.vectorstream.merge.ProductVersion;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.shop.Product;
import io.vectorstream.store.Fence;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The rate at which the embedded store answers one client's searches for the ten nearest products,
 * in searches a second. The queries are embedded already.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
@State(Scope.Benchmark)
public class SearchBenchmark {

  private static final int QUERIES = 256;
  private static final int HITS = 10;
  private static final int AT_ONCE = 500;

  /** The number of products in the store. */
  @Param("50000")
  private int products;

  /** {@code none}, or {@code category}: only products of one of the catalogue's categories. */
  @Param({"none", "category"})
  private String filter;

  private EmbeddingService embeddings;
  private BenchmarkStore store;
  private ProductSearch search;
  private SearchFilter conditions;
  private final List<String> queries = new ArrayList<>();
  private int next;

  @Setup
  public void fill() {
    embeddings = EmbeddingService.open(SettingsLoader.defaults().embedding());
    // Random vectors, stored as this model's: a search refuses another one's.
    store = new BenchmarkStore(RandomVectors.DIMENSION, embeddings.identity());
    for (float[] vector : RandomVectors.of(QUERIES, 2)) {
      String query = "query " + queries.size();
      queries.add(query);
      embeddings.remember(query, vector);
    }
    List<Product> catalog = Catalog.generate(products, 1).products();
    store(catalog);
    search = new ProductSearch(store.connection(), embeddings);
    conditions =
        switch (filter) {
          case "none" -> SearchFilter.NONE;
          case "category" ->
              new SearchFilter(
                  Optional.of(catalog.get(0).category()),
                  OptionalDouble.empty(),
                  OptionalDouble.empty());
          default ->
              throw new IllegalArgumentException(
                  "there is no filter named " + filter + "; expected none or category");
        };
  }

  private void store(List<Product> catalog) {
    ProductCollection collection = new ProductCollection(store.connection());
    long seed = QUERIES;
    for (List<Product> some : Lists.partition(catalog, AT_ONCE)) {
      List<ProductState> states = new ArrayList<>();
      Map<String, float[]> vectors = new HashMap<>();
      List<float[]> random = RandomVectors.of(some.size(), ++seed);
      for (Product product : some) {
        vectors.put(product.id(), random.get(states.size()));
        states.add(ProductState.unseen(version(product), embeddings.identity().toString()));
      }
      collection.store(states, vectors, Fence.NONE);
    }
  }

  private static ProductVersion version(Product product) {
    return new ProductVersion(
        new Product(
            product.id(),
            product.name(),
            product.description(),
            product.category(),
            product.price()),
        ProductText.hash(ProductText.of(product.name(), product.description(), product.category())),
        0);
  }

  @TearDown
  public void close() {
    embeddings.close();
    store.close();
  }

  @Benchmark
  public List<ProductHit> search() {
    next = (next + 1) % QUERIES;
    return search.byText(queries.get(next), conditions, HITS);
  }
}
