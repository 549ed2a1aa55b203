package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vectorstream.it.Stored.Point;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline whose texts a server embeds, which is away for a while. */
@ExtendWith(SharedServices.class)
class RemoteModelIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "sk-0123456789abcdef";
  private static final int DIMENSION = 24;

  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private volatile boolean away;

  @Test
  void events_are_stored_while_the_server_is_away_and_their_texts_embedded_when_it_is_back(
      Services services, @TempDir Path folder) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/embed", this::answer);
    server.start();
    try (Deployment deployment =
        new Deployment(
            services,
            folder,
            "embedding.model=remote",
            "embedding.remote.url=http://127.0.0.1:" + server.getAddress().getPort() + "/embed",
            "embedding.remote.model=a-model",
            "embedding.remote.api_key=" + KEY,
            "embedding.remote.retry_for=500ms",
            "embedding.document_prompt=passage: ",
            "embedding.query_prompt=query: ")) {
      try (RunningPipeline pipeline = deployment.start()) {
        deployment.send(view("mug", "Mug"));
        pipeline.awaitRecords(1);
        pipeline.await(() -> deployment.stored().products().get("mug").vector() != null);

        away = true;
        deployment.send(view("lamp", "Lamp"), search("a light for the desk"));
        pipeline.awaitRecords(3);
        assertThat(deployment.stored().countEvents()).isEqualTo(3);
        Point waiting = deployment.stored().products().get("lamp");
        assertThat(waiting.counts()).isEqualTo(Map.of("view", 1L));
        assertThat(waiting.vector()).isNull();

        away = false;
        pipeline.await(() -> deployment.stored().countPending() == 0);
        pipeline.await(() -> deployment.stored().products().get("lamp").vector() != null);
        pipeline.await(() -> texts.contains("query: a light for the desk"));
      }
      Point lamp = deployment.stored().products().get("lamp");
      String text = texts.stream().filter(sent -> sent.contains("Lamp")).findFirst().orElseThrow();
      assertThat(text).startsWith("passage: Lamp");
      assertThat(cosine(lamp.vector(), vector(text))).isGreaterThan(0.9999);
      assertThat(lamp.text("model")).startsWith("a-model@probe-");
      assertThat(keys).containsOnly("Bearer " + KEY);
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private static ObjectNode view(String id, String name) {
    return Shop.event("view", "ada", Shop.product(id, name, "For the desk", "Home", 8));
  }

  private static ObjectNode search(String query) {
    return Shop.event("search", "bob", null).put("search_query", query);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      JsonNode inputs = JSON.readTree(exchange.getRequestBody()).path("inputs");
      byte[] body = "starting".getBytes(StandardCharsets.UTF_8);
      if (!away) {
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
      exchange.sendResponseHeaders(away ? 503 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static float[] vector(String text) {
    Random random = new Random(text.hashCode());
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static double cosine(float[] one, float[] other) {
    double dot = 0;
    double squares = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      dot += one[i] * other[i];
      squares += one[i] * one[i];
      others += other[i] * other[i];
    }
    return dot / Math.sqrt(squares * others);
  }
}
