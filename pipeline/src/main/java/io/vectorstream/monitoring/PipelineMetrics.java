package io.vectorstream.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.event.Reason;
import io.vectorstream.store.StoreCalls;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.HdrHistogram.HistogramIterationValue;

/**
 * The meters of the pipeline: its throughput, its latency and its health. Labels have a fixed set
 * of values; nothing is labelled by product, user or text.
 */
public final class PipelineMetrics {

  /** The buckets of a latency; 30 s is the pipeline's promise. */
  private static final Duration[] LATENCIES = seconds(1, 2, 5, 8, 10, 12, 15, 20, 30, 45, 60, 300);

  private static final Duration[] DURATIONS = seconds(1, 2, 5, 10, 15, 20, 30, 60, 120);

  /** Kept here because a registry has only weak references to the sources of its gauges. */
  private final Source source;

  private final Timer latency;
  private final Timer batches;
  private final List<Timer> phases;
  private final DistributionSummary records;
  private final Counter ofForgottenUsers;

  /** The source of the meters' values. */
  public interface Source {

    Health health();

    BatchHistory history();

    EmbeddingStats embeddingStats();

    /** Returns whether the CPU replaces a failing GPU, in any process. */
    boolean hasFallenBack();

    StoreCalls storeCalls();

    /** Returns the number of live executors in processes of their own. */
    long executors();

    /** Returns the texts that wait for their embedding. */
    EmbeddingBacklog embeddingBacklog();

    /** Returns the cases in which bounds made interests leave out texts, in any process. */
    BoundedInterests boundedInterests();

    /** Returns how far the products topic is applied; empty if products have none. */
    Optional<ProductFeedStatus> productFeed();

    /** Returns the time since the query last took a batch, or reported that there is none. */
    Duration sinceLastSign();
  }

  private PipelineMetrics(MeterRegistry registry, Source source) {
    this.source = source;
    this.latency =
        Timer.builder("vectorstream.event.latency")
            .description("From an event's own timestamp to the store's acknowledgement")
            .serviceLevelObjectives(LATENCIES)
            .register(registry);
    this.batches =
        Timer.builder("vectorstream.batch.duration")
            .description("Micro-batches, from the trigger to the commit")
            .serviceLevelObjectives(DURATIONS)
            .register(registry);
    this.phases =
        List.of(phase(registry, "parse"), phase(registry, "embed"), phase(registry, "store"));
    this.records =
        DistributionSummary.builder("vectorstream.batch.records")
            .description("Records of a micro-batch")
            .register(registry);
    this.ofForgottenUsers =
        Counter.builder("vectorstream.events.of.forgotten.users")
            .description("Events stored and counted without their user, who is forgotten")
            .register(registry);
  }

  private static Timer phase(MeterRegistry registry, String name) {
    return Timer.builder("vectorstream.batch.phase")
        .description("Where the time of micro-batches went")
        .tag("phase", name)
        .register(registry);
  }

  private static Duration[] seconds(long... seconds) {
    return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
  }

  /**
   * Registers the meters.
   *
   * @return the receiver of each batch from now on; the caller has to keep it as long as the meters
   */
  public static PipelineMetrics register(MeterRegistry registry, Source source) {
    PipelineMetrics metrics = new PipelineMetrics(registry, source);
    metrics.counters(registry);
    metrics.state(registry);
    metrics.embedding(registry);
    metrics.store(registry);
    metrics.products(registry);
    return metrics;
  }

  /** Adds a committed batch to the timers. */
  public void record(BatchReport batch) {
    for (HistogramIterationValue value : batch.latencyMs().recordedValues()) {
      for (long i = value.getCountAddedInThisIterationStep(); i > 0; i--) {
        latency.record(value.getValueIteratedTo(), TimeUnit.MILLISECONDS);
      }
    }
    batches.record(batch.duration());
    phases.get(0).record(batch.phases().parse());
    phases.get(1).record(batch.phases().embed());
    phases.get(2).record(batch.phases().store());
    records.record(batch.records());
    ofForgottenUsers.increment(batch.ofForgottenUsers());
  }

  private void counters(MeterRegistry registry) {
    events(registry, "stored", history -> history.totals().stored());
    events(registry, "duplicate", history -> history.totals().duplicates());
    events(registry, "dead_lettered", history -> history.totals().deadLettered());
    events(registry, "skipped", BatchHistory::skipped);
    for (Reason reason : Reason.values()) {
      FunctionCounter.builder(
              "vectorstream.dead.letters",
              source,
              from -> from.history().deadLetters().getOrDefault(reason.code(), 0L))
          .description("Records sent to the dead-letter topic")
          .tag("reason", reason.code())
          .register(registry);
    }
  }

  private void events(MeterRegistry registry, String outcome, ToLongFunction<BatchHistory> count) {
    FunctionCounter.builder(
            "vectorstream.events", source, from -> count.applyAsLong(from.history()))
        .description("Events and records read from Kafka, by what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  private void state(MeterRegistry registry) {
    for (Health.State state : Health.State.values()) {
      Gauge.builder("vectorstream.state", source, from -> from.health().state() == state ? 1 : 0)
          .description("1 for the state that the pipeline is in, 0 for the others")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    FunctionCounter.builder("vectorstream.restarts", source, from -> from.health().restarts())
        .description("How often the query failed and was started again")
        .register(registry);
    gauge(
        registry,
        "vectorstream.kafka.lag",
        "Records that the last micro-batch left in Kafka",
        from -> last(from, BatchReport::waiting));
    gauge(
        registry,
        "vectorstream.executors",
        "Executors at work in processes of their own",
        Source::executors);
    time(
        registry,
        "vectorstream.stream.silence",
        "Time since the query last took a batch, or found nothing to take",
        Source::sinceLastSign);
  }

  private void time(
      MeterRegistry registry, String name, String description, Function<Source, Duration> value) {
    TimeGauge.builder(name, source, TimeUnit.MILLISECONDS, from -> value.apply(from).toMillis())
        .description(description)
        .register(registry);
  }

  private static long last(Source source, ToLongFunction<BatchReport> figure) {
    List<BatchReport> last = source.history().last();
    return last.isEmpty() ? 0 : figure.applyAsLong(last.get(last.size() - 1));
  }

  private void embedding(MeterRegistry registry) {
    counter(
        registry,
        "vectorstream.embedding.requests",
        "Texts asked for, repetitions counted",
        from -> from.embeddingStats().requests());
    counter(
        registry,
        "vectorstream.embedding.cache.hits",
        "Texts asked for that needed no computation",
        from -> from.embeddingStats().cacheHits());
    counter(
        registry,
        "vectorstream.embedding.texts",
        "Texts that the model computed",
        from -> from.embeddingStats().texts());
    counter(
        registry,
        "vectorstream.embedding.failed.texts",
        "Texts that the model failed on",
        from -> from.embeddingStats().failedTexts());
    counter(
        registry,
        "vectorstream.embedding.device.failures",
        "How often a GPU failed and was left for the CPU",
        from -> from.embeddingStats().deviceFailures());
    FunctionCounter.builder(
            "vectorstream.embedding.compute",
            source,
            from -> from.embeddingStats().computeNanos() / 1e9)
        .description("Time that the model was at work")
        .baseUnit("seconds")
        .register(registry);
    gauge(
        registry,
        "vectorstream.embedding.fallback",
        "1 while the CPU stands in for a failing GPU",
        from -> from.hasFallenBack() ? 1 : 0);
    gauge(
        registry,
        "vectorstream.embedding.pending.texts",
        "New texts that the last micro-batch left for the time after it",
        from -> last(from, BatchReport::pendingTexts));
    backlog(registry);
  }

  private void backlog(MeterRegistry registry) {
    gauge(
        registry,
        "vectorstream.embedding.backlog.products",
        "Products with texts that wait for their embedding",
        from -> from.embeddingBacklog().products());
    gauge(
        registry,
        "vectorstream.embedding.backlog.users",
        "Users with search queries that wait for their embedding",
        from -> from.embeddingBacklog().users());
    time(
        registry,
        "vectorstream.embedding.backlog",
        "Time that it takes to embed all that waits, if nothing is added",
        from -> from.embeddingBacklog().toEmbed());
    time(
        registry,
        "vectorstream.embedding.backlog.age",
        "Time for which something has been waiting for its embedding without a break",
        from -> from.embeddingBacklog().waiting());
    counter(
        registry,
        "vectorstream.interest.stand.ins",
        "How often a batch had a product with too many texts, of which some count as another one",
        from -> from.boundedInterests().standIns());
    counter(
        registry,
        "vectorstream.interest.left.out.shares",
        "Shares of interests that were too many for a user, so that only their weight counts",
        from -> from.boundedInterests().leftOutShares());
  }

  private void store(MeterRegistry registry) {
    counter(
        registry,
        "vectorstream.store.calls",
        "Calls to Qdrant for the work of batches, every try counted",
        from -> from.storeCalls().made());
    counter(
        registry,
        "vectorstream.store.failed.calls",
        "Of these, those that failed in passing and were made again",
        from -> from.storeCalls().failed());
    gauge(
        registry,
        "vectorstream.store.outage",
        "1 while Qdrant fails call after call",
        from -> from.storeCalls().outageSince() == null ? 0 : 1);
  }

  private void products(MeterRegistry registry) {
    productRecords(registry, "applied", ProductFeedStatus::applied);
    productRecords(registry, "passed_over", ProductFeedStatus::passedOver);
    productRecords(registry, "dead_lettered", ProductFeedStatus::deadLettered);
    productRecords(registry, "refused", ProductFeedStatus::refused);
    gauge(
        registry,
        "vectorstream.products.lag",
        "Records of the products topic that are not applied yet",
        from -> productFeed(from, ProductFeedStatus::waiting));
    gauge(
        registry,
        "vectorstream.products.hidden",
        "Products that are stored, but not available",
        from -> productFeed(from, ProductFeedStatus::hidden));
    gauge(
        registry,
        "vectorstream.products.retired",
        "Products that are stored, but gone",
        from -> productFeed(from, ProductFeedStatus::retired));
  }

  private void productRecords(
      MeterRegistry registry, String outcome, ToLongFunction<ProductFeedStatus> count) {
    FunctionCounter.builder(
            "vectorstream.products.records", source, from -> productFeed(from, count))
        .description("Records of the products topic, by what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  private static long productFeed(Source source, ToLongFunction<ProductFeedStatus> figure) {
    return figure.applyAsLong(source.productFeed().orElse(ProductFeedStatus.NONE));
  }

  private void counter(
      MeterRegistry registry, String name, String description, ToDoubleFunction<Source> value) {
    FunctionCounter.builder(name, source, value).description(description).register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<Source> value) {
    Gauge.builder(name, source, value).description(description).register(registry);
  }
}
