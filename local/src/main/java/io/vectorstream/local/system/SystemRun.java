package io.vectorstream.local.system;

import io.vectorstream.config.HostPort;
import io.vectorstream.config.Settings;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventSource;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.phase.PhasedEvents;
import io.vectorstream.local.points.ForeignCollection;
import io.vectorstream.local.run.Load;
import io.vectorstream.local.run.LoadThread;
import io.vectorstream.local.run.StopRequest;
import io.vectorstream.local.system.SystemDescription.NewCollection;
import io.vectorstream.local.system.SystemDescription.Sum;
import io.vectorstream.reports.result.SystemsResult.Run;
import io.vectorstream.reports.result.SystemsResult.Sums;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The load on one system: a topic, collections and a folder of its own are made, it is started, and
 * perhaps killed and started again while the load is on. At the end the store is compared with what
 * was sent. One thread uses a run.
 */
final class SystemRun implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);

  /** The records that may be sent and not stored yet where as many are sent as a system takes. */
  private static final long MOST_UNSTORED = 50_000;

  /** The products that a flood is about, of which each event draws one. */
  private static final int NEW_PRODUCTS = 100_000;

  /** The longest time between two calls of the store: it may be cut off. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SystemDescription system;
  private final SystemPlan plan;
  private final Consumer<String> say;
  private final String name;
  private final Path work;
  private final Placeholders placeholders;
  private final KafkaSpace kafka;
  private final VectorStore store;
  private final ForeignCollection points;
  private final SentEvents sent = new SentEvents();
  private final EventFields fields;
  private final List<ExpectedSums> sums;
  private final StoredGrowth growth = new StoredGrowth();
  private final StoreWatch watch;
  private final SystemProcess process;

  /** Null where nothing is broken between the system and the store. */
  private final FaultProxy storeProxy;

  private final FaultSchedule faults;
  private final Doubts doubts = new Doubts();

  private volatile LoadThread load;
  private volatile long stored;
  private long startNanos;
  private Instant startedAt;

  /**
   * @param name of its topic, which no other run has
   * @param say receives the progress in a few words
   */
  SystemRun(SystemDescription system, SystemPlan plan, String name, Consumer<String> say) {
    this.system = system;
    this.plan = plan;
    this.say = say;
    this.name = name;
    this.work = folder(plan.work().resolve(name));
    Settings settings = plan.settings();
    storeProxy = plan.breaksStore() ? storeProxy(settings) : null;
    placeholders = new Placeholders(settings, name, work, storeProxy);
    kafka = new KafkaSpace(settings.kafka(), name);
    fields = new EventFields(system.points().fields());
    sums = system.sums().stream().map(ExpectedSums::new).toList();
    process = new SystemProcess(system, placeholders, work);
    faults = new FaultSchedule(plan.faults(), process, plan.kafkaProxy(), storeProxy, say);
    store = VectorStore.connect(settings.qdrant().within(PATIENCE));
    points = collection(system.points().collection());
    watch = new StoreWatch(points, system.points(), acknowledged());
  }

  private static FaultProxy storeProxy(Settings settings) {
    FaultProxy proxy = new FaultProxy(0);
    HostPort store = settings.qdrant().nodes().get(0);
    proxy.target(store.host(), store.port());
    return proxy;
  }

  private static Path folder(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new SystemException("the folder " + path + " cannot be made: " + e.getMessage(), e);
    }
  }

  private ForeignCollection collection(String nameWithPlaceholders) {
    return new ForeignCollection(store, placeholders.fill(nameWithPlaceholders));
  }

  /** Returns null where the system says nothing. */
  private AcknowledgedOffsets acknowledged() {
    if (system.acknowledged() == null) {
      return null;
    }
    String group = system.acknowledged().consumerGroup();
    return group == null
        ? new SparkOffsets(
            Path.of(placeholders.fill(system.acknowledged().sparkCheckpoint())), name)
        : new GroupOffsets(kafka.admin(), placeholders.fill(group));
  }

  /**
   * Measures the system.
   *
   * @param round from 1
   * @return empty when a stop was requested before the end
   */
  Optional<Run> measure(int round, StopRequest stop) throws InterruptedException {
    for (NewCollection each : system.collections()) {
      collection(each.name())
          .create(each.dimension() == null ? 0 : each.dimension(), each.keywords());
    }
    RecordingSink sink =
        new RecordingSink(
            kafka.sink(),
            new RecordText(system.record() == null ? null : placeholders.fill(system.record())),
            sent,
            fields,
            sums,
            watch,
            doubts);
    // Before the clock starts: many new products take seconds to make up.
    EventSource events = events();
    long started = System.nanoTime();
    process.start();
    process.awaitReady();
    double readyS = seconds(System.nanoTime() - started);
    watch.start();
    startNanos = System.nanoTime();
    startedAt = Instant.now();
    LoadReport report;
    try (LoadThread sending =
        LoadThread.start(sink, events, this::rateNow, plan.load().duration())) {
      load = sending;
      attend(sending, stop);
      report = sending.stop();
    }
    Instant loadEnd = Instant.now();
    if (stop.isRequested()) {
      return Optional.empty();
    }
    Verdict verdict = settle(report, stop);
    if (verdict == null) {
      return Optional.empty();
    }
    double recall =
        system.vectors() == null
            ? Double.NaN
            : StoreRecall.of(collection(system.vectors()), plan.load().seed());
    process.look();
    return Optional.of(
        new RunResult(
                system,
                plan,
                watch,
                growth,
                startedAt,
                loadEnd,
                faults.begun(),
                doubts.in(report, plan))
            .of(
                round,
                system.ready() == null ? null : readyS,
                report,
                verdict,
                recall,
                process.usage(),
                process.ended()));
  }

  private EventSource events() {
    Load sends = plan.load();
    EventStream usual = new EventStream(sends.catalog(), sends.shoppers(), sends.seed());
    if (plan.phases() == null || !plan.phases().haveNewProducts()) {
      return usual;
    }
    // Another seed gives other products, and events with other ids.
    long other = sends.seed() + 1;
    EventStream aboutNew =
        new EventStream(Catalog.generate(NEW_PRODUCTS, other), sends.shoppers(), other);
    return new PhasedEvents(usual, aboutNew, () -> plan.phases().newShare(elapsed()), sends.seed());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private double rateNow() {
    if (plan.phases() != null) {
      return plan.phases().rate(elapsed());
    }
    if (!plan.load().rate().isMax()) {
      return plan.load().rate().perSecond();
    }
    LoadThread sending = load;
    return sending == null || sending.soFar().sent() - stored > MOST_UNSTORED
        ? 0
        : Double.POSITIVE_INFINITY;
  }

  /** Looks at everything each second until all is sent, and breaks what is to be broken. */
  private void attend(LoadThread sending, StopRequest stop) throws InterruptedException {
    while (!sending.isFinished()) {
      Duration wait = faults.untilNext(elapsed(), TICK);
      if (!wait.isNegative() && stop.await(wait)) {
        break;
      }
      faults.run(elapsed());
      look();
      doubts.look();
    }
    faults.endAll();
  }

  private void look() {
    process.look();
    try {
      stored = points.count();
      growth.add(seconds(System.nanoTime() - startNanos), stored);
    } catch (StoreException e) {
      // The next look shows more.
    }
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  /**
   * The outcome for all events of a run.
   *
   * @param lastGrowthS seconds from the first event until the last point came
   */
  record Verdict(StoredPoints points, Sums sums, double lastGrowthS) {}

  /**
   * Waits until every event is stored and every sum is right, or nothing more has come for as long
   * as the system's file says; the time of a start does not count.
   *
   * @return null when a stop was requested before
   */
  private Verdict settle(LoadReport report, StopRequest stop) throws InterruptedException {
    say.accept("%,d records are sent; waiting for the last ones".formatted(report.sent()));
    long lastCount = -1;
    long lastChange = System.nanoTime();
    while (true) {
      look();
      if (stored != lastCount || process.isStarting()) {
        lastCount = stored;
        lastChange = System.nanoTime();
      }
      boolean patient = System.nanoTime() - lastChange < system.settles().toNanos();
      if (!patient || stored >= sent.size() && allAcknowledged()) {
        StoredPoints all = StoredPoints.read(points, system.points(), sent, fields);
        Sums compared = compareSums();
        if (!patient || all.areComplete() && (compared == null || compared.wrong() == 0)) {
          return new Verdict(all, compared, seconds(lastChange - startNanos));
        }
      }
      if (stop.await(TICK)) {
        return null;
      }
    }
  }

  private boolean allAcknowledged() {
    return !watch.hearsOfAcknowledgements()
        || watch.events().stream().allMatch(WatchedEvent::isAcknowledged);
  }

  /** Returns null where none are promised. */
  private Sums compareSums() {
    if (sums.isEmpty()) {
      return null;
    }
    long checked = 0;
    long wrong = 0;
    List<String> examples = new ArrayList<>();
    List<Sum> asked = system.sums();
    for (int i = 0; i < asked.size(); i++) {
      Sums compared = sums.get(i).compare(collection(asked.get(i).collection()));
      checked += compared.checked();
      wrong += compared.wrong();
      examples.addAll(compared.examples());
    }
    return new Sums(checked, wrong, examples);
  }

  /** Stops the system, and removes what it has in Kafka and in the store. */
  @Override
  public void close() {
    try (store;
        storeProxy) {
      faults.endAll();
      process.close();
      watch.close();
      if (!plan.keep()) {
        kafka.remove();
        store.collectionNames().stream().filter(each -> each.contains(name)).forEach(store::delete);
      }
    }
  }
}
