package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.monitoring.BatchHistory;
import io.vectorstream.monitoring.BoundedInterests;
import io.vectorstream.monitoring.EmbeddingBacklog;
import io.vectorstream.monitoring.ExecutorReport;
import io.vectorstream.monitoring.Health;
import io.vectorstream.monitoring.PipelineMetrics;
import io.vectorstream.monitoring.ProductFeedStatus;
import io.vectorstream.store.StoreCalls;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The health of a pipeline and the figures that its metrics show, from all of its parts. */
final class PipelineHealth implements PipelineMetrics.Source {

  /** The time without a report after which an executor counts as lost. */
  private static final Duration LATEST_REPORT = Duration.ofSeconds(10);

  private final Settings settings;
  private final Supervisor supervisor;
  private final BatchRunner batches;
  private final BatchHistory history;
  private final EmbeddingService embeddings;
  private final EmbeddingPace embeddingPace;

  /** The last report of each executor in a process of its own, by its id. */
  private final Map<String, ExecutorReport> executors;

  private final Optional<Supplier<ProductFeedStatus>> productFeed;

  PipelineHealth(
      Settings settings,
      Supervisor supervisor,
      BatchRunner batches,
      BatchHistory history,
      EmbeddingService embeddings,
      EmbeddingPace embeddingPace,
      Map<String, ExecutorReport> executors,
      Optional<Supplier<ProductFeedStatus>> productFeed) {
    this.settings = settings;
    this.supervisor = supervisor;
    this.batches = batches;
    this.history = history;
    this.embeddings = embeddings;
    this.embeddingPace = embeddingPace;
    this.executors = executors;
    this.productFeed = productFeed;
  }

  @Override
  public Health health() {
    Health query = supervisor.health();
    if (query.state() != Health.State.RUNNING) {
      return query;
    }
    StoreCalls calls = storeCalls();
    if (calls.outageSince() != null) {
      return health(Health.State.WAITING, calls.outageSince(), calls.outageReason());
    }
    return overdue().orElse(query);
  }

  /**
   * Returns statistics of the calls to the store, of this process and of the executors that are
   * alive.
   */
  @Override
  public StoreCalls storeCalls() {
    return executorsAtWork()
        .map(ExecutorReport::storeCalls)
        .reduce(VectorStore.sharedCalls(), StoreCalls::plus);
  }

  private Stream<ExecutorReport> executorsAtWork() {
    Instant current = Instant.now().minus(LATEST_REPORT);
    return executors.values().stream().filter(report -> report.at().isAfter(current));
  }

  /**
   * Returns the health if a batch, or an answer of Kafka between two batches, takes too long; empty
   * otherwise.
   */
  private Optional<Health> overdue() {
    Duration usual =
        Collections.max(
            List.of(
                Duration.ofSeconds(30),
                settings.stream().batchTime().multipliedBy(2),
                settings.stream().trigger().multipliedBy(3)));
    Instant latest = Instant.now().minus(usual);
    Optional<Instant> batchSince = batches.batchSince();
    if (batchSince.isPresent()) {
      return batchSince
          .filter(since -> since.isBefore(latest))
          .map(since -> health(Health.State.DELAYED, since, "a batch takes longer than it should"));
    }
    return Optional.of(batches.lastSign())
        .filter(sign -> sign.isBefore(latest))
        .map(
            sign ->
                health(
                    Health.State.WAITING,
                    sign,
                    "no word from Kafka at " + settings.kafka().bootstrapServers()));
  }

  private Health health(Health.State state, Instant since, String reason) {
    return new Health(state, since, reason, supervisor.health().restarts());
  }

  /** Returns the statistics of the models, in this process and in the executors. */
  @Override
  public EmbeddingStats embeddingStats() {
    return executors.values().stream()
        .map(ExecutorReport::embedding)
        .reduce(embeddings.stats(), EmbeddingStats::plus);
  }

  @Override
  public BatchHistory history() {
    return history;
  }

  @Override
  public boolean hasFallenBack() {
    return embeddings.hasFallenBack() || executorsAtWork().anyMatch(ExecutorReport::hasFallenBack);
  }

  @Override
  public long executors() {
    return executorsAtWork().count();
  }

  @Override
  public EmbeddingBacklog embeddingBacklog() {
    return embeddingPace.backlog();
  }

  @Override
  public BoundedInterests boundedInterests() {
    return executors.values().stream()
        .map(ExecutorReport::boundedInterests)
        .reduce(InterestBounds.counted(), BoundedInterests::plus);
  }

  @Override
  public Optional<ProductFeedStatus> productFeed() {
    return productFeed.map(Supplier::get);
  }

  @Override
  public Duration sinceLastSign() {
    return Duration.between(batches.lastSign(), Instant.now());
  }
}
