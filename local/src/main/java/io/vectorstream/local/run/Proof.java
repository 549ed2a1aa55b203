package io.vectorstream.local.run;

import static io.qdrant.client.WithPayloadSelectorFactory.include;

import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.process.Printable;
import io.vectorstream.search.ProductHit;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.search.Recommender;
import io.vectorstream.search.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows what a run was for: it searches and recommends from what is stored. */
public final class Proof {
  private static final int HITS = 3;
  private static final int PAGE = 1000;

  /** Points looked through for the busiest one. */
  private static final int MOST_PAGES = 20;

  private final VectorStore store;
  private final ProductSearch search;
  private final Recommender recommender;
  private final double diversity;
  private final PrintStream out;

  public Proof(VectorStore store, Settings settings, PrintStream out) {
    this.store = store;
    this.search = new ProductSearch(store, EmbeddingService.shared(settings.embedding()));
    this.recommender = new Recommender(store, settings.recommend());
    this.diversity = settings.recommend().diversity();
    this.out = out;
  }

  public void searches(List<String> queries) {
    for (String query : queries) {
      heading("search \"" + query + "\"");
      hits(search.byText(query, SearchFilter.NONE, HITS));
    }
  }

  /** For the product with the most events, and for the user with the most. */
  public void recommendations() {
    busiest(store.collections().products(), List.of("product", "counts"))
        .ifPresent(
            point -> {
              Map<String, Value> product =
                  point.getPayloadMap().get("product").getStructValue().getFieldsMap();
              heading(
                  "like the busiest product, \"%s\" (%s events)"
                      .formatted(
                          shortened(product.get("name").getStringValue()),
                          Words.count(events(point))));
              hits(
                  recommender.forProduct(
                      product.get("id").getStringValue(), SearchFilter.NONE, HITS, diversity));
            });
    busiest(store.collections().users(), List.of("user_id", "counts"))
        .ifPresent(
            point -> {
              String user = point.getPayloadMap().get("user_id").getStringValue();
              heading("for the busiest user, %s (%s)".formatted(user, countsInWords(point)));
              hits(recommender.forUser(user, SearchFilter.NONE, HITS, diversity).products());
            });
  }

  private Optional<RetrievedPoint> busiest(String collection, List<String> fields) {
    List<RetrievedPoint> best = new ArrayList<>();
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(collection)
            .setLimit(PAGE)
            .setWithPayload(include(fields));
    for (int page = 0; page < MOST_PAGES; page++) {
      ScrollResponse answer = store.ask(client -> client.scrollAsync(request.build()));
      answer.getResultList().stream()
          // A user who is forgotten has none.
          .filter(point -> point.containsPayload("counts"))
          .max(Comparator.comparingLong(Proof::events))
          .ifPresent(best::add);
      if (!answer.hasNextPageOffset()) {
        break;
      }
      request.setOffset(answer.getNextPageOffset());
    }
    return best.stream().max(Comparator.comparingLong(Proof::events));
  }

  private static Map<String, Value> counts(RetrievedPoint point) {
    return point.getPayloadMap().get("counts").getStructValue().getFieldsMap();
  }

  private static long events(RetrievedPoint point) {
    return counts(point).values().stream().mapToLong(Value::getIntegerValue).sum();
  }

  /** {@code 41 view, 12 search}, the most frequent first. */
  private static String countsInWords(RetrievedPoint point) {
    return counts(point).entrySet().stream()
        .filter(entry -> entry.getValue().getIntegerValue() > 0)
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().getIntegerValue()))
        .map(entry -> Words.count(entry.getValue().getIntegerValue()) + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private void heading(String text) {
    out.println();
    out.println(Printable.text(text));
  }

  private void hits(List<ProductHit> hits) {
    if (hits.isEmpty()) {
      out.println("  nothing");
    }
    for (ProductHit hit : hits) {
      out.printf(
          Locale.ROOT,
          "  %.3f  %s%s, %,.2f%n",
          hit.score(),
          shortened(hit.name()),
          hit.category() == null ? "" : " (" + shortened(hit.category()) + ")",
          hit.price());
    }
  }

  private static String shortened(String text) {
    return Printable.text(text, 60);
  }
}
