package io.vectorstream.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.event.Topics;
import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.store.ForgottenLetters;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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

  /** A connection for what no model has a part in. */
  private final VectorStore store;

  private final VectorStore storeForChecks;
  private final FreshEvents fresh;
  private final ModelWatch watch;

  /** Those of models that were in use; some requests may still need their connections. */
  private final List<ModelEndpoints> ended = new CopyOnWriteArrayList<>();

  /** The endpoints whose answers come from the model in use. */
  private volatile ModelEndpoints inUse;

  /**
   * Begins to follow the topic, and which model is in use, and connects to nothing else yet.
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
    this.fresh = FreshEvents.follow(settings, store);
    this.inUse = of(settings);
    this.watch =
        new ModelWatch(
            VectorStore.connect(settings.qdrant().within(SOON)), settings, this::of, this::use);
    watch.start();
  }

  private ModelEndpoints of(Settings settings) {
    return new ModelEndpoints(settings, fresh, pipeline);
  }

  /** Answers from another model from now on; requests under way keep the one before. */
  private void use(ModelEndpoints next) {
    ModelEndpoints before = inUse;
    store.use(next.settings().qdrant().collections());
    inUse = next;
    ended.add(before);
  }

  /** Registers the meters of what is followed. */
  void bindTo(MeterRegistry registry) {
    fresh.bindTo(registry);
  }

  List<Endpoint> endpoints() {
    Settings.Kafka kafka = settings.kafka().within(SOON);
    List<Endpoint> endpoints = new ArrayList<>(ofModelInUse());
    endpoints.addAll(
        DeadLetterEndpoints.over(
            settings.kafka().within(settings.http().timeout()), new ForgottenLetters(store)));
    endpoints.addAll(
        new HealthEndpoints(
                pipeline,
                new ServiceCheck(() -> Topics.check(kafka)),
                new ServiceCheck(storeForChecks::check),
                () -> EmbeddingService.shared(inUse.settings().embedding()))
            .endpoints());
    endpoints.addAll(ServerEndpoints.over(settings, metrics));
    return endpoints;
  }

  /** Returns endpoints whose requests are answered from the model that is in use when they come. */
  private List<Endpoint> ofModelInUse() {
    List<Endpoint> first = inUse.endpoints();
    return IntStream.range(0, first.size())
        .mapToObj(
            i -> first.get(i).with(request -> inUse.endpoints().get(i).handler().apply(request)))
        .toList();
  }

  /** Loads what searches need, so that the first one does not have to wait for it. */
  void prepare() {
    try {
      inUse.prepare();
    } catch (EmbeddingException | IllegalStateException e) {
      // A later search tries again, and reports the failure.
      log.debug("searches are not ready", e);
    }
  }

  @Override
  public void close() {
    watch.close();
    fresh.close();
    inUse.close();
    ended.forEach(ModelEndpoints::close);
    store.close();
    storeForChecks.close();
  }
}
