package io.vectorstream.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.QueryEmbeddings;
import io.vectorstream.event.Topics;
import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.search.ProductSearch;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.EventQueries;
import io.vectorstream.store.ForgottenLetters;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sources of the API's answers: connections of its own, and the state of the process. */
public final class ApiSources implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ApiSources.class);

  /** The time limit of a health check: a request for the health of all parts waits for it. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private final Settings settings;
  private final Optional<ObservedPipeline> pipeline;
  private final Supplier<String> metrics;
  private final VectorStore store;
  private final VectorStore storeForChecks;
  private final QueryEmbeddings searches;
  private final FreshEvents fresh;

  /**
   * Begins to follow the topic, and connects to nothing else yet.
   *
   * @param pipeline empty if this process has none
   * @param metrics returns the text for Prometheus
   */
  public ApiSources(
      Settings settings, Optional<ObservedPipeline> pipeline, Supplier<String> metrics) {
    this.settings = settings;
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.store = VectorStore.connect(settings.qdrant().within(settings.http().timeout()));
    this.storeForChecks = VectorStore.connect(settings.qdrant().within(SOON));
    this.searches = new QueryEmbeddings(settings.embedding());
    this.fresh = FreshEvents.follow(settings, store);
  }

  /** Registers the meters of what is followed. */
  void bindTo(MeterRegistry registry) {
    fresh.bindTo(registry);
  }

  List<Endpoint> endpoints() {
    Supplier<EmbeddingService> embeddings = () -> EmbeddingService.shared(settings.embedding());
    ProductSearch search = new ProductSearch(store, searches);
    Settings.Kafka kafka = settings.kafka().within(SOON);
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.add(SearchEndpoint.over(search, new EventQueries(store)));
    Recommender recommender = new Recommender(store, settings.recommend(), fresh);
    endpoints.addAll(RecommendationEndpoints.over(recommender, settings.recommend().diversity()));
    endpoints.addAll(new ActivityEndpoints(store, recommender, fresh, pipeline).endpoints());
    endpoints.addAll(ProductAndUserEndpoints.over(store, fresh));
    endpoints.addAll(
        DeadLetterEndpoints.over(
            settings.kafka().within(settings.http().timeout()), new ForgottenLetters(store)));
    endpoints.addAll(
        new HealthEndpoints(
                pipeline,
                new ServiceCheck(() -> Topics.check(kafka)),
                new ServiceCheck(storeForChecks::check),
                embeddings)
            .endpoints());
    endpoints.addAll(ServerEndpoints.over(settings, metrics));
    return endpoints;
  }

  /** Loads what searches need, so that the first one does not have to wait for it. */
  void prepare() {
    try {
      searches.get();
    } catch (EmbeddingException | IllegalStateException e) {
      // A later search tries again, and reports the failure.
      log.debug("searches are not ready", e);
    }
  }

  @Override
  public void close() {
    fresh.close();
    store.close();
    storeForChecks.close();
  }
}
