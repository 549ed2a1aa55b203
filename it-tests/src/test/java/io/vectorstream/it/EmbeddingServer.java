package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that embeds texts as text-embeddings-inference answers, with vectors that are made up
 * from the texts, and that can be away, or refuse some requests.
 */
public final class EmbeddingServer implements AutoCloseable {
  static final int DIMENSION = 24;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean away;
  private volatile int refused;

  public EmbeddingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/embed", this::answer);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/embed";
  }

  /** Has it answer that it is starting, or embed again. */
  void setAway(boolean isAway) {
    away = isAway;
  }

  /**
   * Has it refuse one of so many requests, as if it were too busy.
   *
   * @param each 0: it refuses none
   */
  public void refuse(int each) {
    refused = each;
  }

  /** Returns the texts that it has embedded. */
  List<String> texts() {
    return texts;
  }

  /** Returns the header Authorization of each request. */
  List<String> keys() {
    return keys;
  }

  static float[] vector(String text) {
    Random random = new Random(text.hashCode());
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      JsonNode inputs = JSON.readTree(exchange.getRequestBody()).path("inputs");
      boolean isAway = away || refused > 0 && requests.incrementAndGet() % refused == 0;
      byte[] body = "starting".getBytes(UTF_8);
      if (!isAway) {
        ArrayNode vectors = JSON.createArrayNode();
        for (JsonNode text : inputs) {
          texts.add(text.asText());
          ArrayNode numbers = vectors.addArray();
          for (float number : vector(text.asText())) {
            numbers.add(number);
          }
        }
        body = JSON.writeValueAsBytes(vectors);
      }
      exchange.sendResponseHeaders(isAway ? 503 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
