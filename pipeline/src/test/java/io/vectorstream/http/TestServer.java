package io.vectorstream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.monitoring.ObservedPipeline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The real server on a free port, with a store that does not answer. */
final class TestServer implements AutoCloseable {
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server;

  TestServer(String... overrides) {
    this(Optional.empty(), overrides);
  }

  /**
   * @param overrides settings as {@code name=value}
   */
  TestServer(Optional<ObservedPipeline> pipeline, String... overrides) {
    this(pipeline, Optional.empty(), overrides);
  }

  /**
   * @param metrics in place of those that it has counted
   */
  TestServer(
      Optional<ObservedPipeline> pipeline,
      Optional<Supplier<String>> metrics,
      String... overrides) {
    Settings settings = settings(overrides);
    server =
        HttpServer.start(
            settings, new ApiSources(settings, pipeline, metrics.orElse(meters::scrape)), meters);
  }

  static Settings settings(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "http.port=0",
                "http.timeout=300ms",
                "qdrant.port=1",
                // Nobody else asks the services that a test puts in the place of real ones.
                "fresh.enabled=false",
                "kafka.bootstrap_servers=127.0.0.1:1"));
    all.addAll(List.of(overrides));
    return SettingsLoader.load(Optional.empty(), Map.of(), all);
  }

  /** An answer that came back. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
      try {
        return new ObjectMapper().readTree(response.body());
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + response.body(), e);
      }
    }

    String detail() {
      return json().path("detail").asText();
    }
  }

  Answer get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  Answer post(String path, String json, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  HttpServer server() {
    return server;
  }

  @Override
  public void close() {
    server.close();
  }
}
