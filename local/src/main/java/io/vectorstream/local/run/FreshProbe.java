package io.vectorstream.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.KafkaSink;
import io.vectorstream.generator.LoadReport;
import io.vectorstream.generator.RecordKind;
import io.vectorstream.generator.RecordShape;
import io.vectorstream.reports.result.RunSummary.Fresh;
import io.vectorstream.shop.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Shoppers who click and then ask the API again and again, until an answer has changed; beside
 * them, others who only ask. Both are open loops: a click or a request that is due does not wait
 * for the one before, and its time counts from when it was due.
 */
final class FreshProbe implements AutoCloseable {

  /** The longest time that a changed answer is waited for. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int CLICKS_PER_SECOND = 5;
  private static final int REQUESTS_PER_SECOND = 50;
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

  /** The shoppers who click, in turns: none has two clicks under way. */
  private static final int SHOPPERS = 100;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String url;
  private final Secret token;
  private final List<Product> products;
  private final int users;
  private final long warmUpNanos;
  private final SplittableRandom random = new SplittableRandom();
  private final String run = Long.toHexString(System.nanoTime());
  private final RecordShape shape;
  private final KafkaSink sink;
  private final HttpClient client;
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final ExecutorService shoppers = Executors.newCachedThreadPool();
  private final Histogram latencyMs = new ConcurrentHistogram(3);
  private final Histogram requestMs = new ConcurrentHistogram(3);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong unseen = new AtomicLong();
  private final AtomicLong asking = new AtomicLong();

  /** When the first click and the first request were due, less the time between two of them. */
  private final long startNanos;

  private final Instant start;

  private FreshProbe(String url, Settings settings, Load load) {
    this.url = url;
    Secret reading = settings.http().resolvedReadToken();
    this.token = reading.isEmpty() ? settings.http().resolvedToken() : reading;
    this.products = load.catalog().products();
    this.users = load.shoppers().users();
    this.shape = load.shape();
    this.warmUpNanos = load.warmUp().toNanos();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .executor(shoppers)
            .build();
    Settings.Kafka kafka = settings.kafka();
    this.sink =
        new KafkaSink(
            kafka.bootstrapServers(),
            kafka.topic(),
            kafka.partitions(),
            kafka.properties(),
            kafka.connectTimeout());
    // Behind the connecting: what is due counts from here.
    this.startNanos = System.nanoTime();
    this.start = Instant.now();
  }

  /**
   * Connects to Kafka, and begins.
   *
   * @param url of the API
   */
  static FreshProbe start(String url, Settings settings, Load load) {
    FreshProbe probe = new FreshProbe(url, settings, load);
    probe.every(CLICKS_PER_SECOND, probe::click);
    probe.every(REQUESTS_PER_SECOND, probe::request);
    return probe;
  }

  /** An action that is due at some time, the first one soon after the start. */
  private interface Due {
    void at(long number, long dueNanos);
  }

  private void every(int perSecond, Due due) {
    AtomicLong number = new AtomicLong();
    long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
    clock.scheduleAtFixedRate(
        () -> {
          long i = number.getAndIncrement();
          due.at(i, startNanos + (i + 1) * period);
        },
        startNanos + period - System.nanoTime(),
        period,
        TimeUnit.NANOSECONDS);
  }

  private void click(long number, long dueNanos) {
    String user = "probe-%s-%d".formatted(run, number % SHOPPERS);
    Instant due = start.plusNanos(dueNanos - startNanos).truncatedTo(ChronoUnit.MICROS);
    try {
      sink.send(shape.of(new GeneratedRecord(RecordKind.EVENT, user, event(user, due))));
    } catch (RuntimeException e) {
      // Kafka does not take it: a click that no answer shows.
      unseen.incrementAndGet();
      return;
    }
    sent.incrementAndGet();
    begin(() -> watch(user, due, dueNanos));
  }

  private void begin(Runnable asker) {
    asking.incrementAndGet();
    shoppers.execute(
        () -> {
          try {
            asker.run();
          } finally {
            asking.decrementAndGet();
          }
        });
  }

  private byte[] event(String user, Instant time) {
    Product product = products.get(random.nextInt(products.size()));
    ObjectNode event =
        JSON.createObjectNode()
            .put("event_id", UUID.randomUUID().toString())
            .put("timestamp", time.toString())
            .put("user_id", user)
            .put("event_type", "view")
            .put("session_id", "s-" + user);
    event
        .putObject("product")
        .put("id", product.id())
        .put("name", product.name())
        .put("description", product.description())
        .put("category", product.category())
        .put("price", product.price());
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void watch(String user, Instant click, long dueNanos) {
    boolean seen = false;
    String before = null;
    pause(BETWEEN_QUESTIONS);
    while (!seen && System.nanoTime() - dueNanos < PATIENCE.toNanos() && !shoppers.isShutdown()) {
      try {
        JsonNode answer = JSON.readTree(ask(user).body());
        String latest = answer.at("/fresh/latest").asText("");
        String results = answer.path("results").toString();
        boolean isMerged = latest.isEmpty() && before != null && !results.equals(before);
        seen = isMerged || !latest.isEmpty() && !Instant.parse(latest).isBefore(click);
        before = results;
      } catch (IOException | UncheckedIOException e) {
        // Asked again, and the time goes on.
      }
      if (!seen) {
        pause(BETWEEN_QUESTIONS);
      }
    }
    if (shoppers.isShutdown() && !seen) {
      return;
    }
    if (!seen && dueNanos - startNanos >= warmUpNanos) {
      unseen.incrementAndGet();
    }
    record(latencyMs, dueNanos);
  }

  private void request(long number, long dueNanos) {
    String user = "user-%06d".formatted(random.nextInt(users));
    begin(
        () -> {
          try {
            ask(user);
          } catch (UncheckedIOException e) {
            // Its time counts all the same.
          }
          record(requestMs, dueNanos);
        });
  }

  private HttpResponse<String> ask(String user) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/recommendations/users/" + user))
            .timeout(PATIENCE);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token.value());
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private void record(Histogram times, long dueNanos) {
    if (dueNanos - startNanos >= warmUpNanos) {
      times.recordValue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - dueNanos));
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the number of clicks so far. */
  long sent() {
    return sent.get();
  }

  /** Clicks no more, and returns what was measured when all clicks are delivered and seen. */
  Fresh stop() throws InterruptedException {
    clock.shutdown();
    clock.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - startNanos - warmUpNanos) / 1e9;
    sink.flush();
    awaitShoppers();
    return new Fresh(
        latencyMs.getTotalCount(),
        unseen.get(),
        Math.round(10 * requestMs.getTotalCount() / Math.max(seconds, 1)) / 10.0,
        LatencyCurve.summary(latencyMs),
        LatencyCurve.of(latencyMs),
        LatencyCurve.summary(requestMs));
  }

  /** Waits for those who still ask; the client has threads of its own among them. */
  private void awaitShoppers() throws InterruptedException {
    // A question may be asked at the end of the patience, and have an answer as much later.
    long end = System.nanoTime() + 2 * PATIENCE.toNanos();
    while (asking.get() > 0 && System.nanoTime() < end) {
      Thread.sleep(BETWEEN_QUESTIONS.toMillis());
    }
  }

  /** Returns the counts of a load and of the clicks together. */
  LoadReport addedTo(LoadReport load) {
    return new LoadReport(
        load.sent() + sent(),
        load.valid() + sent(),
        load.malformed(),
        load.duplicates(),
        load.late(),
        load.elapsed(),
        load.eventsPerSecond());
  }

  @Override
  public void close() {
    clock.shutdownNow();
    shoppers.shutdownNow();
    sink.close();
  }
}
