package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.fault.FaultProxy.Direction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    daemon(this::acceptAll);
    proxy = new FaultProxy(0);
    proxy.target(echo.getInetAddress().getHostAddress(), echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = echo.accept();
        daemon(() -> echo(socket));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void echo(Socket socket) {
    byte[] buffer = new byte[1024];
    try (socket) {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        synchronized (received) {
          received.write(buffer, 0, n);
        }
        socket.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // Reset, which this server is for.
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "echo");
    thread.setDaemon(true);
    thread.start();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static String answer(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), US_ASCII);
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(
            () -> {
              int next = socket.getInputStream().read();
              throw new AssertionError("read " + next + " instead of a reset");
            })
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void passing_it_counts_connections_and_bytes_and_hands_on_the_end() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "hello");
      assertThat(answer(socket, 5)).isEqualTo("hello");
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(proxy.connections()).isEqualTo(1);
    assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(5);
    assertThat(proxy.bytes(Direction.TO_CLIENT)).isEqualTo(5);
    await().atMost(PATIENCE).until(() -> proxy.openConnections() == 0);
  }

  @Test
  void refusing_it_resets_what_is_open_lets_nobody_in_and_comes_back_on_the_same_port()
      throws IOException {
    try (Socket socket = connect()) {
      send(socket, "hello");
      assertThat(answer(socket, 5)).isEqualTo("hello");
      proxy.refuse();
      assertReset(socket);
    }
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);

    proxy.pass();
    try (Socket socket = connect()) {
      send(socket, "again");
      assertThat(answer(socket, 5)).isEqualTo("again");
    }
  }

  @Test
  void silent_it_lets_clients_in_and_gives_them_nothing_until_it_passes() throws IOException {
    try (Socket open = connect()) {
      send(open, "a");
      assertThat(answer(open, 1)).isEqualTo("a");
      proxy.silent();
      try (Socket late = connect()) {
        send(open, "b");
        send(late, "c");
        open.setSoTimeout(200);
        assertThatThrownBy(() -> answer(open, 1)).isInstanceOf(SocketTimeoutException.class);
        assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(1);

        proxy.pass();
        open.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        assertThat(answer(open, 1)).isEqualTo("b");
        assertThat(answer(late, 1)).isEqualTo("c");
      }
    }
  }

  @Test
  void slow_it_takes_as_long_as_latency_and_rate_say() throws IOException {
    proxy.slow(Duration.ofMillis(50), 1_000);
    try (Socket socket = connect()) {
      long before = System.nanoTime();
      send(socket, "x".repeat(100));
      assertThat(answer(socket, 100)).hasSize(100);
      // Twice 50 ms, and twice 100 bytes at 1,000 a second.
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(290));
    }
  }

  @Test
  void a_request_is_cut_after_exactly_so_many_bytes() throws IOException {
    proxy.cutAfter(7, Direction.TO_SERVER);
    try (Socket socket = connect()) {
      send(socket, "abc");
      assertThat(answer(socket, 3)).isEqualTo("abc");
      send(socket, "defghij");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(receivedText()).isEqualTo("abcdefg"));
      await().atMost(PATIENCE).until(() -> proxy.openConnections() == 0);
    }
    assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(7);

    try (Socket socket = connect()) {
      send(socket, "whole again");
      assertThat(answer(socket, 11)).isEqualTo("whole again");
    }
  }

  @Test
  void an_answer_is_cut_after_exactly_so_many_bytes() throws IOException {
    proxy.cutAfter(4, Direction.TO_CLIENT);
    try (Socket socket = connect()) {
      send(socket, "abcdef");
      assertThat(answer(socket, 4)).isEqualTo("abcd");
      assertReset(socket);
    }
    assertThat(receivedText()).isEqualTo("abcdef");
  }

  private String receivedText() {
    synchronized (received) {
      return received.toString(US_ASCII);
    }
  }
}
