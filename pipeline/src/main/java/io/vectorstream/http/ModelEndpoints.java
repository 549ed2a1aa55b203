package io.vectorstream.http;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.QueryEmbeddings;
import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.EventQueries;
import io.vectorstream.store.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The endpoints whose answers come from the vectors of one model, and its collections. */
final class ModelEndpoints implements AutoCloseable {

  private final Settings settings;
  private final VectorStore store;
  private final QueryEmbeddings searches;
  private final List<Endpoint> endpoints;

  /**
   * Connects to nothing yet.
   *
   * @param settings with the model and its collections
   * @param followed what no batch has merged yet
   */
  ModelEndpoints(Settings settings, FreshEvents followed, Optional<ObservedPipeline> pipeline) {
    this.settings = settings;
    this.store = VectorStore.connect(settings.qdrant().within(settings.http().timeout()));
    this.searches = new QueryEmbeddings(settings.embedding());
    FreshEvents fresh =
        followed.over(store, () -> EmbeddingService.shared(settings.embedding()), settings);
    this.endpoints = endpoints(fresh, pipeline);
  }

  private List<Endpoint> endpoints(FreshEvents fresh, Optional<ObservedPipeline> pipeline) {
    List<Endpoint> all = new ArrayList<>();
    all.add(SearchEndpoint.over(new ProductSearch(store, searches), new EventQueries(store)));
    Recommender recommender = new Recommender(store, settings.recommendCounted(), fresh);
    all.addAll(RecommendationEndpoints.over(recommender, settings.recommend().diversity()));
    all.addAll(new ActivityEndpoints(store, recommender, fresh, pipeline).endpoints());
    all.addAll(ProductAndUserEndpoints.over(store, fresh));
    return all;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  Settings settings() {
    return settings;
  }

  /**
   * Loads what searches need.
   *
   * @throws io.vectorstream.embedding.EmbeddingException if the model cannot be loaded
   */
  void prepare() {
    searches.get();
  }

  @Override
  public void close() {
    store.close();
  }
}
