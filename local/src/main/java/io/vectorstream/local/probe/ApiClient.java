package io.vectorstream.local.probe;

import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A client of the API's reading half. */
final class ApiClient {
  static final int OK = 200;

  private final String url;
  private final Secret token;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * @param url of the API
   * @param timeout of connecting, and of an answer
   * @param executor for what follows an answer
   */
  ApiClient(String url, Settings.Http settings, Duration timeout, Executor executor) {
    this.url = url;
    Secret reading = settings.resolvedReadToken();
    this.token = reading.isEmpty() ? settings.resolvedToken() : reading;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .executor(executor)
            .build();
  }

  /** Begins a request; the answer may have any status. */
  CompletableFuture<HttpResponse<String>> get(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(timeout);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token.value());
    }
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  /** Returns the path of a search for products by a text. */
  static String search(String text, int limit) {
    return "/search?limit=%d&q=%s".formatted(limit, encoded(text));
  }

  /** Returns the path of the recommendations for a user. */
  static String forUser(String user) {
    return "/recommendations/users/" + encoded(user);
  }

  /** Returns the path of the products like another. */
  static String likeProduct(String product) {
    return "/recommendations/products/" + encoded(product);
  }

  private static String encoded(String text) {
    // A space is + in a query, but not in a path.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
