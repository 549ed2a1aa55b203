package io.vectorstream.http;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.vectorstream.config.Settings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;

/**
 * The open connections, and whether it is the client's or the server's turn on each. A client that
 * takes too long in its turn loses its connection: one that sends its request byte by byte, or does
 * not read its answer. If there are too many connections, or too many unsent bytes, the connection
 * of the slowest client is closed. No thread waits for a client at any time.
 */
final class Connections implements Connection.Listener, AutoCloseable {
  /** The bytes of an answer that a client has to read in the time of the setting. */
  private static final int BYTES_IN_TIME = 256 << 10;

  /** The limit of unsent bytes in all answers together. */
  private static final long MOST_UNSENT = 64L << 20;

  /** The bytes of a request that are progress: a request that comes byte by byte makes none. */
  private static final int PROGRESS = 1 << 10;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private enum Turn {
    /** The client sends a request. */
    SENDING,
    /** The server computes the answer. */
    SERVER,
    /** The client reads the answer. */
    TAKING,
    /** The client may begin another request; Jetty's idle timeout ends it. */
    IDLE
  }

  private final Map<Connection, Client> clients = new ConcurrentHashMap<>();
  private final AtomicLong unsent = new AtomicLong();
  private final int most;
  private final long patience;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(Connections::thread);

  Connections(Settings.Http settings) {
    this.most = settings.maxConnections();
    this.patience = settings.clientTimeout().toNanos();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "http-connections");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to look for clients that are late. */
  void watch() {
    watch.scheduleWithFixedDelay(
        this::closeLate, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The client of one connection. */
  final class Client {
    private final Connection connection;
    private Turn turn = Turn.SENDING;
    private long since = System.nanoTime();

    /** The time of its last progress in its turn. */
    private long active = since;

    private long bytesBefore;

    /** The bytes that it had sent when it was {@link #active} last. */
    private long bytesWhenActive;

    /** The bytes of the answer that wait for it, and count among those of all. */
    private long toTake;

    private Client(Connection connection) {
      this.connection = connection;
    }

    /** Records that the request has arrived, with its body. */
    synchronized void hasSent() {
      become(Turn.SERVER);
    }

    /** Records that the complete answer waits, and closes slower clients if room is needed. */
    void mayTake(long bytes) {
      synchronized (this) {
        toTake = bytes;
        unsent.addAndGet(bytes);
        become(Turn.TAKING);
      }
      boolean isRoomMade = true;
      while (unsent.get() > MOST_UNSENT && isRoomMade) {
        isRoomMade = closeSlowest(Turn.TAKING, this);
      }
    }

    /** Records that a part of the answer has been sent. */
    synchronized void takes() {
      active = System.nanoTime();
    }

    /** Records that the answer has been sent, or never will be. */
    synchronized void hasTaken() {
      forgetAnswer();
      bytesBefore = connection.getBytesIn();
      become(Turn.IDLE);
    }

    private void forgetAnswer() {
      unsent.addAndGet(-toTake);
      toTake = 0;
    }

    private void become(Turn next) {
      turn = next;
      since = System.nanoTime();
      active = since;
      bytesWhenActive = connection.getBytesIn();
    }

    private void noteProgress() {
      long bytes = connection.getBytesIn();
      if (turn == Turn.SENDING && bytes >= bytesWhenActive + PROGRESS) {
        active = System.nanoTime();
        bytesWhenActive = bytes;
      }
    }

    private String address() {
      return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote
          ? remote.getAddress().getHostAddress()
          : "";
    }

    private synchronized boolean isLate() {
      if (turn == Turn.IDLE && connection.getBytesIn() > bytesBefore) {
        become(Turn.SENDING);
      }
      noteProgress();
      long taken = System.nanoTime() - since;
      return switch (turn) {
        case SENDING -> taken > patience;
        case TAKING -> taken > patience * (1 + toTake / BYTES_IN_TIME);
        case SERVER, IDLE -> false;
      };
    }

    private synchronized Turn turn() {
      return turn;
    }

    /** Returns the nanoseconds without progress in its turn. */
    private synchronized long inactiveFor() {
      noteProgress();
      return System.nanoTime() - active;
    }

    private void close(String why) {
      // Removed now, not when it is closed: otherwise more would be closed for the same room.
      clients.remove(connection);
      synchronized (this) {
        forgetAnswer();
      }
      connection.getEndPoint().close(new TimeoutException(why));
    }
  }

  @Override
  public void onOpened(Connection connection) {
    Client client = new Client(connection);
    clients.put(connection, client);
    if (clients.size() > most) {
      closeSlowest(null, client);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    clients.remove(connection);
  }

  /** Returns the client of a request. */
  Client of(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    Client client = clients.get(connection);
    // It was closed in the meantime, and is not watched any more.
    return client == null ? new Client(connection) : client;
  }

  /** Returns the number of open connections. */
  int size() {
    return clients.size();
  }

  /** Returns the bytes that have come from the client with this port; 0 if it is not connected. */
  long receivedFrom(int port) {
    return clients.keySet().stream()
        .filter(
            connection ->
                connection.getEndPoint().getRemoteSocketAddress()
                        instanceof InetSocketAddress remote
                    && remote.getPort() == port)
        .mapToLong(Connection::getBytesIn)
        .sum();
  }

  private void closeLate() {
    for (Client client : clients.values()) {
      if (client.isLate()) {
        client.close("it took longer than http.client_timeout");
      }
    }
  }

  /**
   * Closes the connection of the client that has done nothing for the longest time, among those of
   * the address that has the most connections.
   *
   * @param turn only among those; null for all but those whose request is being answered
   * @param but not this one
   * @return whether there was one
   */
  private boolean closeSlowest(Turn turn, Client but) {
    Map<String, Long> connections =
        clients.values().stream().collect(groupingBy(Client::address, counting()));
    Optional<Client> slowest =
        clients.values().stream()
            .filter(client -> client != but)
            .filter(client -> turn == null ? client.turn() != Turn.SERVER : client.turn() == turn)
            .max(
                comparingLong((Client client) -> connections.getOrDefault(client.address(), 0L))
                    .thenComparing(comparingLong(Client::inactiveFor)));
    slowest.ifPresent(client -> client.close("others need the room"));
    return slowest.isPresent();
  }

  /** Closes the connections whose request has not arrived yet. */
  @Override
  public void close() {
    watch.shutdownNow();
    clients.values().stream()
        .filter(client -> client.turn() == Turn.SENDING)
        .forEach(client -> client.close("the server stops"));
  }
}
