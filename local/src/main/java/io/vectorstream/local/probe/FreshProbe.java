package io.vectorstream.local.probe;

import io.vectorstream.config.Settings;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.reports.result.RunSummary.Fresh;
import io.vectorstream.reports.result.Searchable;
import io.vectorstream.shop.Product;
import io.vectorstream.store.StoreException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shoppers who click and then ask the API again and again, until an answer has changed; beside
 * them, others who only ask. Each click is also looked for in the store, and some are about a
 * product that nobody has seen, which is searched for until it is found. All are open loops: a
 * click or a request that is due does not wait for the one before, and its time counts from when it
 * was due.
 */
public final class FreshProbe implements AutoCloseable {

  /** The longest time that a changed answer is waited for. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration NO_END = Duration.ofDays(10_000);

  private static final double CLICKS_PER_SECOND = 5;
  private static final double REQUESTS_PER_SECOND = 50;
  private static final double NEW_PRODUCTS_PER_SECOND = 1;
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

  /** The shoppers who click, in turns: none has two clicks under way. */
  private static final int SHOPPERS = 100;

  private final FreshPlan plan;
  private final SearchSubjects subjects;
  private final SplittableRandom random = new SplittableRandom();
  private final String run = Long.toHexString(System.nanoTime());
  private final ApiClient api;
  private final WatchedEvents events;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch loops = new CountDownLatch(3);
  private final FreshTally tally;
  private final AtomicLong asking = new AtomicLong();
  private volatile boolean stopped;
  private double seconds;

  /** When the first click was due. */
  private final long startNanos;

  private final Instant start;

  /** When the warm-up ends. */
  private final long measuredFromNanos;

  private FreshProbe(
      FreshPlan plan,
      String url,
      Settings settings,
      SearchSubjects subjects,
      RecordShape shape,
      Duration warmUp) {
    this.plan = plan;
    this.subjects = subjects;
    this.api = new ApiClient(url, settings.http(), PATIENCE, threads);
    this.events = new WatchedEvents(settings, api, shape);
    // Behind the connecting: what is due counts from here.
    this.startNanos = System.nanoTime();
    this.start = Instant.now();
    this.measuredFromNanos = startNanos + warmUp.toNanos();
    this.tally = new FreshTally(measuredFromNanos);
  }

  /**
   * Connects to Kafka, and begins.
   *
   * @param url of the API
   * @param shape in which its events are written, as those of the load
   * @param warmUp the first part of the load, which is not measured
   */
  public static FreshProbe start(
      FreshPlan plan,
      String url,
      Settings settings,
      SearchSubjects subjects,
      RecordShape shape,
      Duration warmUp) {
    FreshProbe probe = new FreshProbe(plan, url, settings, subjects, shape, warmUp);
    probe.loop(CLICKS_PER_SECOND, probe::click);
    probe.loop(REQUESTS_PER_SECOND, probe::request);
    probe.loop(NEW_PRODUCTS_PER_SECOND, probe::newProduct);
    probe.events.watch(probe.threads);
    return probe;
  }

  private void loop(double perSecond, OpenLoop.Due action) {
    threads.execute(
        () -> {
          try {
            OpenLoop.run(perSecond, startNanos, NO_END, () -> stopped, action);
          } finally {
            loops.countDown();
          }
        });
  }

  private void click(long number, long dueNanos) {
    String user = "probe-%s-%d".formatted(run, number % SHOPPERS);
    Instant due = timeOf(dueNanos);
    events
        .send(user, due, dueNanos, tally.isMeasured(dueNanos), someProduct())
        .ifPresentOrElse(
            id ->
                begin(
                    () -> watch(user, new ClickAnswers(due, () -> events.isStored(id)), dueNanos)),
            // Kafka does not take it: a click that no answer shows.
            () -> tally.clickUnseen(dueNanos));
  }

  private void newProduct(long number, long dueNanos) {
    Product like = someProduct();
    Product product =
        new Product(
            UUID.randomUUID().toString(),
            "%s %s-%d".formatted(like.name(), run, number),
            like.description(),
            like.category(),
            like.price());
    String user = "probe-%s-new".formatted(run);
    boolean isMeasured = tally.isMeasured(dueNanos);
    if (events.send(user, timeOf(dueNanos), dueNanos, isMeasured, product).isPresent()
        && isMeasured) {
      events.expect(product, dueNanos);
    }
  }

  private synchronized Product someProduct() {
    return subjects.products().get(random.nextInt(subjects.products().size()));
  }

  private Instant timeOf(long dueNanos) {
    return start.plusNanos(dueNanos - startNanos).truncatedTo(ChronoUnit.MICROS);
  }

  private void begin(Runnable asker) {
    asking.incrementAndGet();
    threads.execute(
        () -> {
          try {
            asker.run();
          } finally {
            asking.decrementAndGet();
          }
        });
  }

  private void watch(String user, ClickAnswers answers, long dueNanos) {
    boolean isSeen = false;
    pause(BETWEEN_QUESTIONS);
    while (!isSeen && System.nanoTime() - dueNanos < PATIENCE.toNanos() && !threads.isShutdown()) {
      try {
        HttpResponse<String> answer = api.get(ApiClient.forUser(user)).join();
        isSeen = answers.isSeenIn(answer.statusCode(), answer.body());
      } catch (IOException | CompletionException | StoreException e) {
        // Asked again, and the time goes on.
      }
      if (!isSeen) {
        pause(BETWEEN_QUESTIONS);
      }
    }
    if (isSeen) {
      tally.clickSeen(dueNanos);
    } else if (!threads.isShutdown()) {
      tally.clickUnseen(dueNanos);
    }
  }

  private synchronized String someUser() {
    return SearchSubjects.user(random.nextInt(subjects.users()));
  }

  private void request(long number, long dueNanos) {
    api.get(ApiClient.forUser(someUser()))
        .whenComplete(
            (answer, failure) ->
                tally.request(dueNanos, answer != null && answer.statusCode() == ApiClient.OK));
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the number of events sent so far. */
  public long sent() {
    return events.sent();
  }

  /** Clicks no more, and waits until all clicks are delivered and answered. */
  public void stop() throws InterruptedException {
    stopped = true;
    loops.await();
    seconds = (System.nanoTime() - measuredFromNanos) / 1e9;
    events.flush();
    // A question may be asked at the end of the patience, and have an answer as much later.
    long end = System.nanoTime() + 2 * PATIENCE.toNanos();
    while (asking.get() > 0 && System.nanoTime() < end) {
      Thread.sleep(BETWEEN_QUESTIONS.toMillis());
    }
  }

  /** Returns how soon clicks changed answers, once they are {@link #stop stopped}. */
  public Fresh clicks() {
    return tally.fresh(plan.click(), seconds);
  }

  /** Returns how soon events and products were found, once everything that was sent is stored. */
  public Searchable searchable() throws InterruptedException {
    return events.finish(plan);
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdownNow();
    events.close();
  }
}
