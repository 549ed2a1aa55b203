package io.vectorstream.it;

import static java.util.Comparator.comparingDouble;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches for real product listings after one pass through the pipeline. */
@ExtendWith(SharedServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueSearchIT {
  /** Beside the project, as seen from this module; not part of it. */
  private static final Path LISTINGS =
      ModuleFolder.path().resolve("../../shared/data/products.csv");

  private List<ObjectNode> listings;
  private Deployment deployment;
  private EmbeddingService embeddings;
  private VectorStore store;
  private ProductSearch search;
  private Recommender recommender;

  @BeforeAll
  void view_every_listing_once(Services services, @TempDir Path folder) throws IOException {
    assumeTrue(
        Files.isReadable(LISTINGS),
        () -> "skipped: there are no product listings at " + LISTINGS.normalize());
    listings = read();
    deployment = new Deployment(services, folder);
    embeddings = EmbeddingService.shared(deployment.settings().embedding());
    deployment.send(
        listings.stream()
            .map(listing -> Shop.event("view", "visitor", listing))
            .toArray(ObjectNode[]::new));
    try (RunningPipeline pipeline = deployment.start()) {
      pipeline.awaitRecords(listings.size());
      // On few cores a batch leaves some of the texts for the time after it.
      pipeline.await(() -> deployment.stored().countPending() == 0);
    }
    store = VectorStore.connect(deployment.settings().qdrant());
    search = new ProductSearch(store, embeddings);
    recommender = new Recommender(store, deployment.settings().recommend());
  }

  private static List<ObjectNode> read() throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    List<ObjectNode> listings = new ArrayList<>();
    try (CSVParser csv = CSVParser.parse(Files.newBufferedReader(LISTINGS), format)) {
      for (CSVRecord row : csv) {
        listings.add(
            Shop.product(
                row.get("id"),
                row.get("name"),
                row.get("description"),
                row.get("category"),
                Double.parseDouble(row.get("price"))));
      }
    }
    return listings;
  }

  @AfterAll
  void remove_everything() {
    if (store != null) {
      store.close();
    }
    if (deployment != null) {
      deployment.close();
    }
  }

  @Test
  void every_listing_is_stored_with_its_fields_and_the_embedding_of_its_text() {
    Map<String, Point> products = deployment.stored().products();
    assertThat(products).hasSize(listings.size());
    for (ObjectNode listing : listings) {
      Point point = products.get(listing.path("id").textValue());
      assertThat(point.payload().get("product")).isEqualTo(Stored.asStored(listing));
      assertThat(point.counts()).isEqualTo(Map.of("view", 1L));
      assertThat(point.vector()).hasSize(384);
      StoreAssertions.assertSameDirection(
          point.vector(), StoreAssertions.embedding(embeddings, listing));
    }
  }

  @Test
  void a_listing_s_own_text_finds_it_first() {
    for (JsonNode listing : listings) {
      String text =
          ProductText.of(
              listing.path("name").textValue(),
              listing.path("description").textValue(),
              listing.path("category").textValue());
      List<ProductHit> hits = search.byText(text, SearchFilter.NONE, 3);
      assertThat(hits.get(0).id()).as(text).isEqualTo(listing.path("id").textValue());
      assertThat(hits).extracting(ProductHit::score).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }
  }

  @ParameterizedTest(name = "{0} finds {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "puppets for a children's theatre; puppet",
        "a picture to put together from a thousand pieces; puzzle",
        "what to wear on Halloween; costume",
        "locomotive for a model railway; train",
        "soft cuddly bear; stuffed",
        "sheets for a child's bed; bedding"
      })
  void a_query_finds_products_of_the_category_it_means(String query, String category) {
    List<ProductHit> hits = search.byText(query, SearchFilter.NONE, 5);
    assertThat(hits).hasSize(5);
    assertThat(hits.get(0).category().toLowerCase(Locale.ROOT)).as("%s", hits).contains(category);
    assertThat(hits)
        .filteredOn(hit -> hit.category().toLowerCase(Locale.ROOT).contains(category))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void filters_by_category_and_price_let_through_exactly_what_they_say() {
    List<ObjectNode> puzzles =
        listings.stream()
            .filter(listing -> levels(listing).contains("Puzzles"))
            .sorted(comparingDouble(CatalogueSearchIT::price))
            .toList();
    // Both limits are a product's own price, and are let through.
    double least = price(puzzles.get(puzzles.size() / 4));
    double most = price(puzzles.get(puzzles.size() * 3 / 4));
    Set<String> expected =
        puzzles.stream()
            .filter(puzzle -> price(puzzle) >= least && price(puzzle) <= most)
            .map(puzzle -> puzzle.path("id").textValue())
            .collect(toSet());
    assertThat(expected).hasSizeBetween(3, puzzles.size() - 2);

    SearchFilter filter =
        new SearchFilter(Optional.of("pUZZLES"), OptionalDouble.of(least), OptionalDouble.of(most));
    List<ProductHit> hits = search.byText("a present for a birthday", filter, listings.size());
    assertThat(hits).extracting(ProductHit::id).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static double price(JsonNode listing) {
    return listing.path("price").doubleValue();
  }

  private static List<String> levels(JsonNode listing) {
    return List.of(listing.path("category").textValue().split(" \\| "));
  }

  @Test
  void products_like_a_puppet_are_near_it_and_do_not_include_it() {
    JsonNode puppet =
        listings.stream()
            .filter(listing -> levels(listing).contains("Hand Puppets"))
            .findFirst()
            .orElseThrow();
    List<ProductHit> hits =
        recommender.forProduct(puppet.path("id").textValue(), SearchFilter.NONE, 5, 0);
    assertThat(hits)
        .hasSize(5)
        .extracting(ProductHit::id)
        .doesNotContain(puppet.path("id").textValue());
    assertThat(hits.get(0).category()).contains("Puppets");
  }
}
