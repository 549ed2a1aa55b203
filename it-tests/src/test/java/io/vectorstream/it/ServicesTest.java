package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The choice of services where a Docker engine answers that may lack images. */
class ServicesTest {
  private static final String NO_REGISTRY = "lookup registry.example: no such host";

  private final Set<String> images = ConcurrentHashMap.newKeySet();
  private final Set<String> pulls = ConcurrentHashMap.newKeySet();
  private HttpServer docker;

  /** The program that chooses, as Testcontainers looks for an engine once a process only. */
  static final class Chooser {
    private Chooser() {}

    public static void main(String[] args) {
      try {
        System.out.println("chosen " + Services.Choice.make());
      } catch (IllegalArgumentException e) {
        System.out.println("refused " + e.getMessage());
      }
      System.exit(0);
    }
  }

  @BeforeEach
  void startEngine() throws IOException {
    docker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    docker.createContext("/", this::answer);
    docker.start();
  }

  @AfterEach
  void stopEngine() {
    docker.stop(0);
  }

  @Test
  void without_images_tests_get_the_embedded_services_and_the_reason() throws Exception {
    assertThat(choice())
        .startsWith("chosen Choice[kind=EMBEDDED")
        .contains("no image testcontainers/ryuk:")
        .contains(NO_REGISTRY);
    assertThat(pulls).hasSize(1);
  }

  @Test
  void containers_that_are_asked_for_fail_at_once_with_the_image_and_the_way_to_another()
      throws Exception {
    images.add("testcontainers/ryuk");
    images.add("apache/kafka");
    assertThat(choice("-Dservices=containers", "-Dservices.qdrant.image=shop.example/qdrant:1"))
        .startsWith("refused -Dservices=containers cannot be had")
        .contains("no image shop.example/qdrant:1")
        .contains(NO_REGISTRY)
        .contains("-Dservices.qdrant.image");
    assertThat(pulls).hasSize(1);
  }

  @Test
  void with_images_tests_get_containers() throws Exception {
    images.addAll(List.of("testcontainers/ryuk", "apache/kafka", "qdrant/qdrant"));
    assertThat(choice()).startsWith("chosen Choice[kind=CONTAINERS");
    assertThat(pulls).isEmpty();
  }

  private String choice(String... properties) throws Exception {
    List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().get()));
    command.addAll(List.of(properties));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Chooser.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("DOCKER_HOST", "tcp://127.0.0.1:" + docker.getAddress().getPort());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return said.lines()
        .filter(line -> line.startsWith("chosen ") || line.startsWith("refused "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(said));
  }

  /** Answers as Docker Engine's API says, for what is asked before a container is made. */
  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.endsWith("/images/create")) {
      pulls.add(exchange.getRequestURI().getQuery());
      send(exchange, 500, "{\"message\":\"%s\"}".formatted(NO_REGISTRY));
    } else if (path.contains("/images/")) {
      boolean present = images.stream().anyMatch(path::contains);
      send(exchange, present ? 200 : 404, present ? "{\"Id\":\"1\"}" : "{\"message\":\"none\"}");
    } else {
      send(exchange, 200, path.endsWith("/_ping") ? "OK" : "{}");
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length());
      exchange.getResponseBody().write(body.getBytes(UTF_8));
    }
  }
}
