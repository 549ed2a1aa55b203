package io.vectorstream.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Attacks by clients that are slow on purpose. */
class SlowClientsTest {
  private static final String TOKEN = "Sparrow-2468-token";
  private static final int MANY = 200;

  private final List<Dripping> clients = new ArrayList<>();
  private final ScheduledExecutorService drops = Executors.newScheduledThreadPool(2);

  @AfterEach
  void stop() {
    drops.shutdownNow();
    clients.forEach(Dripping::close);
  }

  /** The part of the exchange that a slow client never finishes. */
  enum Kind {
    /** A byte of a header that has no end, now and then. */
    HEADER,
    /** The same, of the second request of a connection. */
    SECOND_HEADER,
    /** A byte of the body, with the right token. */
    BODY,
    /** The same, in chunks of a byte each. */
    CHUNKED_BODY,
    /** It asks for the largest file, ten times, and reads nothing. */
    ANSWER,
    /** It connects and says nothing. */
    NOTHING
  }

  private static String beginning(Kind kind) {
    String post =
        "POST /dead-letters/replay HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + TOKEN
            + "\r\nContent-Type: application/json\r\n";
    return switch (kind) {
      case HEADER -> "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
      case SECOND_HEADER -> "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
      case BODY -> post + "Content-Length: 60000\r\n\r\n{\"to_topic\":\"";
      case CHUNKED_BODY -> post + "Transfer-Encoding: chunked\r\n\r\n";
      case ANSWER ->
          "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(10);
      case NOTHING -> "";
    };
  }

  private static String drop(Kind kind, int number) {
    return switch (kind) {
      case HEADER, BODY -> "a";
      case SECOND_HEADER ->
          number == 0 ? "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: " : "a";
      case CHUNKED_BODY -> "1\r\na\r\n";
      case ANSWER, NOTHING -> "";
    };
  }

  /** A client that sends a few bytes ten times a second, until it is cut off. */
  private final class Dripping {
    private final Socket socket = new Socket();
    private final IntFunction<String> drop;
    private int dropped;
    private volatile boolean isClosed;

    private Dripping(TestServer server, Kind kind) throws IOException {
      this.drop = number -> drop(kind, number);
      // Little fits into it, whatever the system's own sizes are.
      socket.setReceiveBufferSize(1024);
      socket.bind(new InetSocketAddress("127.0.0.66", 0));
      socket.connect(
          new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.server().port()));
      send(beginning(kind));
      drops.scheduleWithFixedDelay(this::drip, 200, 100, TimeUnit.MILLISECONDS);
    }

    private void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private void drip() {
      try {
        String text = drop.apply(dropped++);
        // Urgent data is not read, and fails if the other side has closed.
        if (text.isEmpty()) {
          socket.sendUrgentData(0);
        } else {
          send(text);
        }
      } catch (IOException e) {
        isClosed = true;
        throw new IllegalStateException("the server has closed it", e);
      }
    }

    private void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void attack(TestServer server, Kind kind, int clientsOfTheKind) throws IOException {
    for (int number = 0; number < clientsOfTheKind; number++) {
      try {
        clients.add(new Dripping(server, kind));
      } catch (SocketException e) {
        // Its connection was closed before it could send anything.
      }
    }
  }

  private static void assertOrdinaryClientsAreServed(TestServer server) throws IOException {
    RawClient ordinary = new RawClient("127.0.0.7", server);
    for (int round = 0; round < 20; round++) {
      long start = System.nanoTime();
      assertThat(ordinary.get("/health/live")).endsWith("{\"status\":\"up\"}");
      assertThat(RawClient.status(ordinary.get("/config", "Authorization: Bearer " + TOKEN)))
          .isEqualTo(200);
      assertThat(RawClient.status(ordinary.get("/docs/swagger-ui-bundle.js"))).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void hundreds_of_slow_clients_of_a_kind_cost_nobody_else_anything(Kind kind) throws Exception {
    // Slow ones are not ended while this goes on.
    try (TestServer server = new TestServer("http.token=" + TOKEN, "http.client_timeout=5m")) {
      attack(server, kind, MANY);
      // Of large answers fewer are kept: the slowest readers are closed.
      int kept = kind == Kind.ANSWER ? 30 : MANY;
      await().until(() -> server.server().connections() >= kept);

      assertOrdinaryClientsAreServed(server);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void slow_clients_lose_their_connections_in_the_end(Kind kind) throws Exception {
    try (TestServer server = new TestServer("http.token=" + TOKEN, "http.client_timeout=1s")) {
      attack(server, kind, 20);

      await().atMost(Duration.ofSeconds(30)).until(() -> server.server().connections() == 0);
      assertOrdinaryClientsAreServed(server);
    }
  }

  @Test
  void more_slow_clients_of_all_kinds_than_there_are_connections_cost_nobody_else_anything()
      throws Exception {
    try (TestServer server =
        new TestServer(
            "http.token=" + TOKEN, "http.max_connections=100", "http.client_timeout=5m")) {
      for (int round = 0; round < 4; round++) {
        for (Kind kind : Kind.values()) {
          attack(server, kind, 20);
        }
        assertOrdinaryClientsAreServed(server);
      }

      assertThat(clients).hasSizeGreaterThan(200);
      await().until(() -> server.server().connections() <= 100);
    }
  }

  /**
   * Where it comes from the address of the others, as by way of the same proxy, it shows by coming
   * further than their drops. From an address of its own it need not.
   */
  @ParameterizedTest
  @CsvSource({"127.0.0.66, 1500, 10", "127.0.0.7, 200, 40"})
  void an_upload_over_a_slow_line_is_not_what_makes_room_for_a_flood_of_connections(
      String address, int bytesAtOnce, int floodBetween) throws Exception {
    try (TestServer server =
            new TestServer(
                "http.token=" + TOKEN, "http.max_connections=50", "http.client_timeout=5m");
        Socket upload = new RawClient(address, server).connect()) {
      RawClient ordinary = new RawClient("127.0.0.8", server);
      String body = "{\"to_topic\":\"" + "a".repeat(25 * bytesAtOnce) + "\"}";
      String head =
          beginning(Kind.BODY).replaceFirst("Content-Length: 60000\r\n\r\n.*", "Content-Length: ");
      byte[] beginning = (head + body.length() + "\r\n\r\n").getBytes(ISO_8859_1);
      upload.getOutputStream().write(beginning);
      for (int sent = 0; sent < body.length(); sent += bytesAtOnce) {
        String piece = body.substring(sent, Math.min(body.length(), sent + bytesAtOnce));
        upload.getOutputStream().write(piece.getBytes(ISO_8859_1));
        long written = beginning.length + sent + piece.length();
        await()
            .pollInterval(Duration.ofMillis(5))
            .atMost(Duration.ofMinutes(1))
            .until(() -> server.server().receivedFrom(upload.getLocalPort()) >= written);
        assertThat(RawClient.status(ordinary.get("/health/live"))).isEqualTo(200);
        attack(server, Kind.HEADER, floodBetween);
      }

      byte[] answer = new byte[12];
      assertThat(upload.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
      // It has arrived completely: there is no such topic to replay to.
      assertThat(new String(answer, ISO_8859_1)).isEqualTo("HTTP/1.1 403");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void slow_clients_do_not_hold_up_the_end(Kind kind) throws Exception {
    TestServer server = new TestServer("http.token=" + TOKEN, "http.client_timeout=5m");
    attack(server, kind, 20);
    await().until(() -> server.server().connections() == 20);

    long start = System.nanoTime();
    server.close();

    // Answers get some seconds; a connection without a request gets none.
    Duration longest = Duration.ofSeconds(kind == Kind.ANSWER ? 10 : 4);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(longest);
  }

  @Test
  void a_client_that_takes_its_time_between_two_requests_is_not_slow() throws Exception {
    try (TestServer server = new TestServer("http.client_timeout=1s");
        Socket socket = new RawClient("127.0.0.7", server).connect()) {
      byte[] request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1);
      for (int round = 0; round < 2; round++) {
        socket.getOutputStream().write(request);
        byte[] answer = new byte[15];
        assertThat(socket.getInputStream().readNBytes(answer, 0, 15)).isEqualTo(15);
        assertThat(new String(answer, ISO_8859_1)).isEqualTo("HTTP/1.1 200 OK");
        socket.getInputStream().skip(socket.getInputStream().available());
        long idleSince = System.nanoTime();
        await()
            .pollDelay(Duration.ZERO)
            .until(() -> System.nanoTime() - idleSince > Duration.ofSeconds(2).toNanos());
      }
    }
  }
}
