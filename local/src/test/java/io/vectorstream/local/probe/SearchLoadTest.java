package io.vectorstream.local.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.ModelIdentity;
import io.vectorstream.generator.Catalog;
import io.vectorstream.local.probe.SearchPlan.Share;
import io.vectorstream.local.store.TemporaryVectorStore;
import io.vectorstream.reports.result.Searches;
import io.vectorstream.reports.result.Searches.Figures;
import io.vectorstream.reports.result.Searches.Step;
import io.vectorstream.store.CollectionSchemas;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searches against a server that this test is, and a store without products. */
class SearchLoadTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger number = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private TemporaryVectorStore store;
  private HttpServer server;
  private Settings settings;
  private CountDownLatch allThere = new CountDownLatch(0);

  @BeforeEach
  void start() throws IOException {
    store = TemporaryVectorStore.start("searches");
    settings = SettingsLoader.load(Optional.empty(), Map.of(), store.settings());
    try (VectorStore made = VectorStore.connect(settings.qdrant())) {
      new CollectionSchemas(made, 3, ModelIdentity.named("none")).ensureProducts();
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
    store.close();
  }

  /** Refuses every tenth, and finds nothing for every other one. */
  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    allThere.countDown();
    try {
      allThere.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    int i = number.incrementAndGet();
    byte[] answer = (i % 2 == 0 ? "{\"results\":[]}" : "{\"results\":[1]}").getBytes();
    exchange.sendResponseHeaders(i % 10 == 0 ? 429 : 200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private Searches search(SearchPlan plan, Duration warmUp, Duration duration) {
    SearchSubjects subjects = new SearchSubjects(Catalog.generate(50, 1).products(), 100, true, 1);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    try (SearchLoad load = SearchLoad.start(plan, url, settings, subjects, warmUp, duration)) {
      return load.finish();
    }
  }

  private static SearchPlan plan(List<Double> rates, SearchKind... kinds) {
    return new SearchPlan(
        List.of(kinds).stream().map(kind -> new Share(kind, null)).toList(),
        rates,
        Duration.ofMillis(50),
        20.0,
        null);
  }

  @Test
  void searches_are_sent_when_they_are_due_although_no_answer_comes() {
    allThere = new CountDownLatch(40);

    Searches searches = search(plan(List.of(50.0), SearchKind.TEXT), Duration.ZERO, SECOND);

    // A loop that waited for its answers would never get to so many.
    Figures all = searches.steps().get(0).all();
    assertThat(all.searches()).isBetween(40L, 50L);
    // The first waited for the fortieth, which was due 780 ms later.
    assertThat(all.latencyMs().max()).isGreaterThanOrEqualTo(700);
    // Every tenth has failed: 45 a second, or 45 of 49 in 0.98 s, where the start took 20 ms of it.
    assertThat(all.answeredPerSecond()).isLessThan(all.searches());
  }

  @Test
  void searches_that_fail_are_counted_by_their_reason() {
    Searches searches = search(plan(List.of(100.0), SearchKind.TEXT), Duration.ZERO, SECOND);

    Figures all = searches.steps().get(0).all();
    long sent = all.searches();
    assertThat(sent).isBetween(50L, 100L);
    assertThat(all.failed()).isEqualTo(sent / 10);
    assertThat(all.failures()).isEqualTo(Map.of("HTTP 429", sent / 10));
    assertThat(all.withoutResult()).isEqualTo(sent / 2 - sent / 10);
    assertThat(searches.steps().get(0).kinds()).containsOnlyKeys("text");
  }

  @Test
  void a_server_that_is_away_fails_every_search() {
    server.stop(0);

    Searches searches = search(plan(List.of(20.0), SearchKind.USER), Duration.ZERO, SECOND);

    Figures all = searches.steps().get(0).all();
    assertThat(all.searches()).isPositive();
    assertThat(all.failures()).isEqualTo(Map.of("no answer", all.searches()));
    // Refused at once, which is no fast answer.
    assertThat(all.answered()).isZero();
    assertThat(all.latencyMs().max()).isZero();
  }

  @Test
  void each_rate_is_a_step_and_the_warm_up_none() {
    Searches searches =
        search(plan(List.of(10.0, 30.0), SearchKind.SIMILAR), SECOND, Duration.ofSeconds(5));

    assertThat(searches.steps()).extracting(Step::asked).containsExactly(10.0, 30.0);
    assertThat(searches.steps().get(0).all().searches()).isBetween(10L, 20L);
    assertThat(searches.steps().get(1).all().searches()).isBetween(30L, 60L);
    assertThat(asked.size()).isBetween(50, 91);
    assertThat(searches.isJudged(searches.steps().get(0))).isTrue();
    assertThat(searches.isJudged(searches.steps().get(1))).isFalse();
  }

  @Test
  void a_mix_asks_each_kind_in_its_own_way() {
    Searches searches =
        search(
            plan(
                List.of(100.0),
                SearchKind.TEXT,
                SearchKind.EVENTS,
                SearchKind.SIMILAR,
                SearchKind.USER,
                SearchKind.VECTOR),
            Duration.ZERO,
            SECOND);

    assertThat(searches.steps().get(0).kinds())
        .containsOnlyKeys("text", "events", "similar", "user", "vector");
    assertThat(asked)
        .anyMatch(path -> path.matches("/search\\?limit=10&q=[^&]+"))
        .anyMatch(path -> path.matches("/search\\?limit=10&q=[^&]+&in=events"))
        .anyMatch(path -> path.matches("/recommendations/products/[-0-9a-f]{36}\\?limit=10"))
        .anyMatch(path -> path.matches("/recommendations/users/user-0000\\d\\d\\?limit=10"));
    // The store has no products.
    assertThat(searches.steps().get(0).kinds().get("vector").failures())
        .containsOnlyKeys("no product has a vector yet");
  }

  @Test
  void a_recall_that_cannot_be_measured_says_why() {
    SearchPlan plan =
        new SearchPlan(
            List.of(new Share(SearchKind.VECTOR, null)), List.of(10.0), null, null, 0.95);

    Searches searches = search(plan, Duration.ZERO, SECOND);

    assertThat(searches.recall()).isEmpty();
    assertThat(searches.recallProblem()).isEqualTo("there is nothing to compare");
    assertThat(searches.lowestRecall()).isEmpty();
  }
}
