package io.vectorstream.local.run;

import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingStats;
import io.vectorstream.event.DeadLetters;
import io.vectorstream.generator.EventSource;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.http.HttpServerException;
import io.vectorstream.local.probe.LoadProbes;
import io.vectorstream.local.probe.LoadProbes.Findings;
import io.vectorstream.local.probe.SearchSubjects;
import io.vectorstream.monitoring.BatchReport;
import io.vectorstream.monitoring.Meters;
import io.vectorstream.reports.result.RunSummary;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.store.VectorStore;
import io.vectorstream.stream.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The pipeline under a load: events are sent at a rate, the pipeline stores them, and Kafka and the
 * store are asked for the resulting counts. One thread uses a run.
 */
public final class PipelineRun implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** The longest time without a committed batch while records are waiting. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final RunPlan plan;
  private final ProgressDisplay display;
  private final ResourceWatch resources;
  private final BatchLog log;
  private final RateController controller;
  private final EventSource events;
  private final VectorStore store;
  private final Pipeline pipeline;
  private final Duration pipelineStart;
  private final ProgressReader progress;
  private final Meters meters = new Meters();
  private final Optional<HttpServer> http;
  private final LoadFormat formats;

  private volatile LoadThread load;

  /** What is asked while the load is on. */
  private volatile LoadProbes probes = LoadProbes.none();

  /** The records sent by loads that have ended. */
  private long sentBefore;

  private PipelineRun(RunPlan plan, ProgressDisplay display) {
    this.plan = plan;
    this.display = display;
    formats = LoadFormat.of(plan.load().format());
    Settings settings = formats.settings(plan.settings());
    log = new BatchLog(settings.stream().trigger(), plan.load().warmUp());
    controller = new RateController(settings.stream().trigger());
    events =
        plan.load()
            .shape()
            .of(new EventStream(plan.load().catalog(), plan.load().shoppers(), plan.load().seed()));
    long beforeStart = System.nanoTime();
    pipeline = start(settings);
    pipelineStart = Duration.ofNanos(System.nanoTime() - beforeStart);
    store = VectorStore.connect(settings.qdrant());
    progress = new ProgressReader(store, log, settings.stream().trigger());
    resources = new ResourceWatch(settings.stream().checkpoint());
    http = serve(settings);
  }

  private Pipeline start(Settings settings) {
    try {
      return Pipeline.start(settings, this::onBatch);
    } catch (RuntimeException e) {
      formats.close();
      throw e;
    }
  }

  /** Starts the HTTP server. A run does not need it, so a port that is in use is only reported. */
  private Optional<HttpServer> serve(Settings settings) {
    if (!settings.http().enabled()) {
      return Optional.empty();
    }
    pipeline.bindTo(meters.registry());
    ApiSources sources = new ApiSources(settings, Optional.of(pipeline), meters::text);
    try {
      HttpServer server = HttpServer.start(settings, sources, meters.registry());
      display.say("The page and the API are at " + server.url());
      return Optional.of(server);
    } catch (HttpServerException e) {
      display.say("There is no page and no API: " + e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Starts the pipeline, and lets it read what an earlier run left in the topic.
   *
   * @param stop ends this waiting
   */
  public static PipelineRun start(RunPlan plan, ProgressDisplay display, StopRequest stop)
      throws InterruptedException {
    long unread = UnreadRecords.count(plan.settings());
    PipelineRun run = new PipelineRun(plan, display);
    try {
      if (unread > 0) {
        display.say("%s records of an earlier run come first".formatted(NumberText.count(unread)));
        run.awaitRecords(unread, stop, System.nanoTime());
      }
      return run;
    } catch (RuntimeException | InterruptedException e) {
      run.close();
      throw e;
    }
  }

  /** Starts the pipeline, measures, and closes it: a complete run for programs. */
  public static RunSummary execute(RunPlan plan, ProgressDisplay display)
      throws InterruptedException {
    StopRequest never = new StopRequest();
    try (PipelineRun run = start(plan, display, never)) {
      return run.measure(never).orElseThrow();
    }
  }

  /**
   * Sends the load, waits until the pipeline has accounted for every record of it, and counts. The
   * pipeline stays open.
   *
   * @return empty when a stop was requested before the end
   * @throws RunException when the pipeline commits nothing more although records are waiting
   * @throws io.vectorstream.stream.PipelineException when the pipeline failed
   */
  public Optional<RunSummary> measure(StopRequest stop) throws InterruptedException {
    sentBefore = 0;
    EmbeddingStats embeddedBefore = pipeline.embeddingStats();
    long storedBefore = store.countEvents();
    long deadBefore = DeadLetters.count(plan.settings().kafka());
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    long startNanos = System.nanoTime();
    log.startOver(startedAt);
    resources.startOver();

    try (LoadProbes asked = startProbes()) {
      probes = asked;
      LoadReport sent =
          asked.endWith(sendLoad(Optional.of(plan.load().duration()), stop, startNanos));
      if (stop.isRequested()) {
        return Optional.empty();
      }
      Instant loadEnd = startedAt.plus(sent.elapsed());
      // Before the last batches: what searches find beside the stream is compared beside it, too.
      Searches searches = asked.searches();
      display.say(
          "All %s records are sent; the pipeline processes the last ones"
              .formatted(NumberText.count(sent.sent())));
      if (!awaitRecords(sent.sent(), stop, startNanos)) {
        return Optional.empty();
      }
      Findings findings = asked.findings(searches);
      display.finish();
      Measurement measurement =
          new Measurement(
              startedAt,
              Instant.now().truncatedTo(ChronoUnit.MILLIS),
              ThisMachine.environment(pipeline.sparkVersion(), plan.services(), pipeline.engine()),
              sent,
              loadEnd,
              log.batches(),
              pipelineStart,
              log.beginning(),
              log.latencies(),
              log.totals(),
              store.countEvents() - storedBefore,
              DeadLetters.count(plan.settings().kafka()) - deadBefore,
              difference(pipeline.embeddingStats(), embeddedBefore),
              resources.peakRssMb(),
              resources.samples(),
              findings);
      return Optional.of(measurement.judge(plan));
    } finally {
      probes = LoadProbes.none();
    }
  }

  /** Continues to send, after {@link #measure} and at the same rate, until a stop is requested. */
  public void goOn(StopRequest stop) throws InterruptedException {
    sendLoad(Optional.empty(), stop, System.nanoTime());
    display.finish();
  }

  private LoadReport sendLoad(Optional<Duration> duration, StopRequest stop, long startNanos)
      throws InterruptedException {
    try (LoadThread sending =
        LoadThread.start(
            plan.settings().kafka(),
            events,
            this::rateNow,
            duration.orElse(null),
            formats::encoding)) {
      load = sending;
      progress.startOver(sentBefore);
      while (!sending.isFinished() && !stop.await(TICK)) {
        checkPipeline();
        display.show(progress.read(startNanos, duration, sent()));
      }
      LoadReport report = sending.stop();
      sentBefore += report.sent();
      load = null;
      return report;
    }
  }

  /** Returns the events per second to send now; called by the sending thread. */
  private double rateNow() {
    return plan.load().rate().isMax()
        ? controller.rate(sent() - log.totals().records())
        : plan.load().rate().perSecond();
  }

  private long sent() {
    LoadThread sending = load;
    return sentBefore + (sending == null ? 0 : sending.soFar().sent()) + probes.sent();
  }

  private LoadProbes startProbes() {
    if (plan.fresh() == null && plan.searches() == null) {
      return LoadProbes.none();
    }
    String url =
        url()
            .orElseThrow(
                () ->
                    new RunException(
                        "clicks and searches cannot be measured without the API; expected"
                            + " http.enabled=true and a free http.port"));
    Load sent = plan.load();
    return LoadProbes.start(
        plan.fresh(),
        plan.searches(),
        url,
        plan.settings(),
        new SearchSubjects(
            sent.catalog().products(),
            sent.shoppers().users(),
            plan.preload() == Preload.MADE_UP,
            sent.seed()),
        sent.shape(),
        sent.warmUp(),
        sent.duration());
  }

  /** Waits until the pipeline has committed this many; returns false when a stop is requested. */
  private boolean awaitRecords(long records, StopRequest stop, long startNanos)
      throws InterruptedException {
    long seen = -1;
    long since = System.nanoTime();
    while (log.totals().records() < records) {
      checkPipeline();
      if (log.totals().records() != seen) {
        seen = log.totals().records();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        throw new RunException(
            "%s of %s records are not processed: no batch was committed for %d s"
                .formatted(
                    NumberText.count(records - seen),
                    NumberText.count(records),
                    PATIENCE.toSeconds()));
      }
      if (stop.await(TICK)) {
        return false;
      }
      display.show(progress.read(startNanos, Optional.empty(), records));
    }
    return true;
  }

  private void onBatch(BatchReport report) {
    Batch batch = log.add(report);
    controller.onBatch(batch);
  }

  private void checkPipeline() {
    if (!pipeline.isRunning()) {
      pipeline.awaitTermination();
      throw new RunException("the pipeline has stopped before the run was over");
    }
  }

  private static EmbeddingStats difference(EmbeddingStats now, EmbeddingStats before) {
    return new EmbeddingStats(
        now.requests() - before.requests(),
        now.cacheHits() - before.cacheHits(),
        now.texts() - before.texts(),
        now.computeNanos() - before.computeNanos(),
        now.failedTexts() - before.failedTexts(),
        now.deviceFailures() - before.deviceFailures());
  }

  /** Returns the URL of its page and its API; empty if there are none. */
  public Optional<String> url() {
    return http.map(HttpServer::url);
  }

  /** Returns this run's connection to the store; open until the run is closed. */
  public VectorStore store() {
    return store;
  }

  /** Lets the pipeline finish the present batch and stops it. */
  @Override
  public void close() {
    try (resources;
        formats;
        store;
        pipeline) {
      http.ifPresent(HttpServer::close);
      meters.close();
      display.finish();
    }
  }
}
