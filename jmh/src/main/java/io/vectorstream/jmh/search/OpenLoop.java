package io.vectorstream.jmh.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * A client that sends requests at a fixed rate, whether the answers come or not, like independent
 * users, who do not wait for each other. A latency counts from the moment that the request was due.
 */
final class OpenLoop {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final long HIGHEST_MICROS = TimeUnit.SECONDS.toMicros(60);

  private final String url;
  private final double perSecond;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LONGEST).build();

  /**
   * @param latencyMicros of every request, failed ones included
   * @param statuses the number of answers by status; 0 for no answer
   * @param empty answers without a result
   */
  record Outcome(Histogram latencyMicros, Map<Integer, Long> statuses, long empty) {
    long failed() {
      return statuses.entrySet().stream()
          .filter(status -> status.getKey() != 200)
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  /**
   * @param url of the server
   */
  OpenLoop(String url, double perSecond) {
    this.url = url;
    this.perSecond = perSecond;
  }

  /** Sends one request a query, and waits for the last answer. */
  Outcome run(List<String> queries) {
    Histogram latency = new ConcurrentHistogram(HIGHEST_MICROS, 3);
    Map<Integer, Long> statuses = new TreeMap<>();
    long[] empty = {0};
    List<CompletableFuture<?>> answers = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < queries.size(); i++) {
      long due = start + (long) (i * 1e9 / perSecond);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      answers.add(
          client
              .sendAsync(request(queries.get(i)), BodyHandlers.ofString())
              .handle(
                  (answer, failure) -> {
                    long micros = (System.nanoTime() - due) / 1000;
                    latency.recordValue(Math.min(micros, HIGHEST_MICROS));
                    count(answer, statuses, empty);
                    return null;
                  }));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    return new Outcome(latency, statuses, empty[0]);
  }

  private static void count(
      HttpResponse<String> answer, Map<Integer, Long> statuses, long[] empty) {
    synchronized (statuses) {
      statuses.merge(answer == null ? 0 : answer.statusCode(), 1L, Long::sum);
      if (answer != null && answer.body().contains("\"results\":[]")) {
        empty[0]++;
      }
    }
  }

  private HttpRequest request(String query) {
    return HttpRequest.newBuilder(
            URI.create(url + "/search?limit=10&q=" + URLEncoder.encode(query, UTF_8)))
        .timeout(LONGEST)
        .build();
  }
}
