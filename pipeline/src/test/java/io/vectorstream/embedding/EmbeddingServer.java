package io.vectorstream.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server that embeds as OpenAI's and text-embeddings-inference's do. A text's vector is
 * random, and the same for the same text and model.
 */
final class EmbeddingServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  final List<String> keys = new CopyOnWriteArrayList<>();
  final List<Long> times = new CopyOnWriteArrayList<>();

  /** The failures to answer with, before the next right answer. */
  final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

  volatile int dimension = 32;
  volatile int model = 1;

  /** The size of a random difference between two answers, as half precision has it. */
  volatile double noise;

  /** A text that the server does not take. */
  volatile String badText = "";

  /** Whether answers end in their middle, without an end. */
  volatile boolean stalls;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final Random random = new Random(5);

  /**
   * @param retryAfter the header of that name; empty for none
   */
  record Failure(int status, String retryAfter, String body) {}

  EmbeddingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/embeddings", exchange -> answer(exchange, false));
    server.createContext("/embed", exchange -> answer(exchange, true));
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  void failNext(int times, int status, String retryAfter, String body) {
    for (int i = 0; i < times; i++) {
      failures.add(new Failure(status, retryAfter, body));
    }
  }

  private void answer(HttpExchange exchange, boolean tei) throws IOException {
    try (exchange) {
      times.add(System.nanoTime());
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      requests.add(request);
      Failure failure = failures.poll();
      JsonNode texts = request.path(tei ? "inputs" : "input");
      if (failure == null && has(texts, badText)) {
        failure = new Failure(400, "", "{\"error\": {\"message\": \"this text is too long\"}}");
      }
      if (failure != null) {
        if (!failure.retryAfter().isEmpty()) {
          exchange.getResponseHeaders().add("Retry-After", failure.retryAfter());
        }
        send(exchange, failure.status(), failure.body());
        return;
      }
      if (stalls) {
        stall(exchange);
      }
      send(exchange, 200, (tei ? list(texts) : data(texts)).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean has(JsonNode texts, String text) {
    for (JsonNode one : texts) {
      if (!text.isEmpty() && one.asText().contains(text)) {
        return true;
      }
    }
    return false;
  }

  private void stall(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1_000);
    exchange.getResponseBody().write(new byte[500]);
    exchange.getResponseBody().flush();
    Uninterruptibles.awaitUninterruptibly(closed);
    throw new IOException("closed");
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private ArrayNode list(JsonNode texts) {
    ArrayNode vectors = JSON.createArrayNode();
    texts.forEach(text -> vectors.add(numbers(text.asText())));
    return vectors;
  }

  /** Returns the vectors in another order than the texts', which the API allows. */
  private ObjectNode data(JsonNode texts) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode data = answer.putArray("data");
    for (int i = texts.size() - 1; i >= 0; i--) {
      data.addObject().put("index", i).set("embedding", numbers(texts.get(i).asText()));
    }
    return answer;
  }

  private ArrayNode numbers(String text) {
    ArrayNode numbers = JSON.createArrayNode();
    for (float number : vector(text, model, dimension)) {
      numbers.add(number + (noise == 0 ? 0 : noise * random.nextGaussian()));
    }
    return numbers;
  }

  static float[] vector(String text, int model, int dimension) {
    Random ofText = new Random(text.hashCode() * 31L + model);
    float[] vector = new float[dimension];
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) ofText.nextGaussian();
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < dimension; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
