package io.vectorstream.jmh.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vectorstream.jmh.search.OpenLoop.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
  private static final int REQUESTS = 50;

  @Test
  void requests_are_sent_when_they_are_due_although_no_answer_comes() throws Exception {
    CountDownLatch allThere = new CountDownLatch(REQUESTS);
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), REQUESTS);
    server.setExecutor(threads);
    server.createContext(
        "/search",
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          asked.add(query);
          allThere.countDown();
          try {
            // A loop that waited for its answers would never get to the last one.
            allThere.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          byte[] answer = "{\"results\":[]}".getBytes();
          exchange.sendResponseHeaders(query.endsWith("7") ? 429 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      List<String> queries = IntStream.range(0, REQUESTS).mapToObj(i -> "q&" + i).toList();

      Outcome outcome =
          new OpenLoop("http://127.0.0.1:" + server.getAddress().getPort(), 1000).run(queries);

      assertThat(asked).hasSize(REQUESTS).contains("limit=10&q=q&7");
      assertThat(outcome.latencyMicros().getTotalCount()).isEqualTo(REQUESTS);
      // The first waited for the last, which was due 49 ms later.
      assertThat(outcome.latencyMicros().getMaxValue()).isGreaterThanOrEqualTo(48_000);
      assertThat(outcome.statuses()).containsEntry(200, 45L).containsEntry(429, 5L);
      assertThat(outcome.failed()).isEqualTo(5);
      assertThat(outcome.empty()).isEqualTo(REQUESTS);
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void no_answer_is_a_failure() {
    Outcome outcome = new OpenLoop("http://127.0.0.1:1", 1000).run(List.of("a", "b"));

    assertThat(outcome.statuses()).containsOnlyKeys(0);
    assertThat(outcome.failed()).isEqualTo(2);
  }
}
