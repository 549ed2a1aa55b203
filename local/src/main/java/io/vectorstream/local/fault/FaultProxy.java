package io.vectorstream.local.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on the loopback address with faults on request: between a client and a service it can
 * refuse, be silent, be slow, or cut a message in half. The fault can be changed while connections
 * are open, and applies to those too.
 */
public final class FaultProxy implements AutoCloseable {

  /** The direction in which bytes go. */
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private enum Mode {
    PASS,
    SILENT,
    REFUSE
  }

  private static final int CHUNK = 16 * 1024;
  private static final int BACKLOG = 200;
  private static final long NO_CUT = Long.MAX_VALUE;
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final int port;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private final Map<Direction, Long> forwarded = new EnumMap<>(Direction.class);
  private final Map<Direction, Long> bytesLeft = new EnumMap<>(Direction.class);

  // All of this is guarded by this object, whose monitor threads that must not forward wait on.
  private ServerSocket listener;
  private Thread acceptor;
  private InetSocketAddress target;
  private Mode mode = Mode.PASS;
  private Duration latency = Duration.ZERO;
  private long bytesPerSecond = Long.MAX_VALUE;
  private boolean closed;

  /**
   * Listens at once; connections are reset until there is a target.
   *
   * @param port on the loopback; 0 takes a free one
   */
  public FaultProxy(int port) {
    forgetCuts();
    for (Direction direction : Direction.values()) {
      forwarded.put(direction, 0L);
    }
    synchronized (this) {
      this.listener = listen(port);
    }
    this.port = listener.getLocalPort();
  }

  /** Returns the port that it listens on. */
  public int port() {
    return port;
  }

  /** Sets the target of new connections. */
  public synchronized void target(String host, int port) {
    target = new InetSocketAddress(host, port);
  }

  /** Forwards everything at full speed: the end of any fault. */
  public synchronized void pass() {
    change(Mode.PASS);
    latency = Duration.ZERO;
    bytesPerSecond = Long.MAX_VALUE;
  }

  /** Takes connections and bytes, and returns nothing: a service that hangs. */
  public synchronized void silent() {
    change(Mode.SILENT);
  }

  /** Resets all connections and accepts none: a service that is stopped. */
  public void refuse() {
    synchronized (this) {
      change(Mode.REFUSE);
    }
    connections.forEach(Connection::reset);
  }

  /**
   * Forwards slowly.
   *
   * @param latency waited before each chunk of at most 16 kB
   * @param bytesPerSecond in each direction of each connection
   */
  public synchronized void slow(Duration latency, long bytesPerSecond) {
    change(Mode.PASS);
    this.latency = latency;
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * Forwards exactly so many more bytes in that direction, over all connections, then resets the
   * connection that has the next byte: a message that is cut in half. It happens once; connections
   * after it are forwarded.
   */
  public synchronized void cutAfter(long bytes, Direction direction) {
    change(Mode.PASS);
    bytesLeft.put(direction, bytes);
  }

  /**
   * Holds back the bytes that the present connections send to the service, even after their clients
   * have gone; connections after it are forwarded.
   */
  public synchronized void hold() {
    connections.forEach(connection -> connection.held = true);
  }

  /** Forwards the held bytes: calls that arrive long after their callers gave them up. */
  public synchronized void release() {
    connections.forEach(connection -> connection.held = false);
    notifyAll();
  }

  /** Returns the number of connections accepted so far. */
  public long connections() {
    return accepted.get();
  }

  /** Returns the number of connections that are open now. */
  public int openConnections() {
    return connections.size();
  }

  /** Returns the bytes that were forwarded so far in that direction. */
  public synchronized long bytes(Direction direction) {
    return forwarded.get(direction);
  }

  private synchronized void change(Mode next) {
    if (closed) {
      throw new IllegalStateException("the proxy is closed");
    }
    forgetCuts();
    mode = next;
    if (next == Mode.REFUSE) {
      stopListening();
    } else if (listener.isClosed()) {
      listener = listen(port);
    }
    notifyAll();
  }

  private synchronized void forgetCuts() {
    for (Direction direction : Direction.values()) {
      bytesLeft.put(direction, NO_CUT);
    }
  }

  private ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(LOOPBACK, port), BACKLOG);
      acceptor = start("accept", () -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy cannot listen on port " + port, e);
    }
  }

  private synchronized void stopListening() {
    try {
      listener.close();
      // The kernel goes on listening as long as a thread is in accept().
      acceptor.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, "fault-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        accepted.incrementAndGet();
        start("connect", () -> connect(client));
      } catch (IOException e) {
        // Closed: refused from now on.
      }
    }
  }

  private void connect(Socket client) {
    Connection connection = new Connection(client, new Socket());
    connections.add(connection);
    try {
      InetSocketAddress to;
      synchronized (this) {
        while (mode == Mode.SILENT) {
          wait();
        }
        to = mode == Mode.REFUSE ? null : target;
      }
      if (to == null) {
        connection.reset();
        return;
      }
      connection.open(to);
    } catch (IOException | InterruptedException e) {
      connection.reset();
    }
  }

  /**
   * Waits until bytes may be forwarded, and takes up to so many of the allowance.
   *
   * @return how many may be forwarded; fewer than asked for: then the connection is cut
   */
  private int allow(Connection connection, Direction direction, int bytes)
      throws InterruptedException {
    long pause;
    synchronized (this) {
      pause = latency.toMillis() + 1000L * bytes / bytesPerSecond;
    }
    if (pause > 0) {
      Thread.sleep(pause);
    }
    synchronized (this) {
      while (mode == Mode.SILENT || connection.held && direction == Direction.TO_SERVER) {
        wait();
      }
      if (mode == Mode.REFUSE) {
        return 0;
      }
      long left = bytesLeft.get(direction);
      int allowed = (int) Math.min(left, bytes);
      if (allowed < bytes) {
        bytesLeft.put(direction, NO_CUT);
      } else if (left != NO_CUT) {
        bytesLeft.put(direction, left - bytes);
      }
      forwarded.merge(direction, (long) allowed, Long::sum);
      return allowed;
    }
  }

  /** Resets all connections and listens no more. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      change(Mode.REFUSE);
      closed = true;
    }
    connections.forEach(Connection::reset);
  }

  /** A client's connection and the one made for it to the service. */
  private final class Connection {
    private final Socket client;
    private final Socket server;

    /** Guarded by the proxy. */
    private boolean held;

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void open(InetSocketAddress to) throws IOException {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(to);
      start("to-server", () -> forward(client, server, Direction.TO_SERVER));
      start("to-client", () -> forward(server, client, Direction.TO_CLIENT));
    }

    private void forward(Socket from, Socket to, Direction direction) {
      byte[] chunk = new byte[CHUNK];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          int allowed = allow(this, direction, read);
          out.write(chunk, 0, allowed);
          if (allowed < read) {
            reset();
            return;
          }
        }
        to.shutdownOutput();
        if (from.isOutputShutdown()) {
          finish();
        }
      } catch (IOException | InterruptedException e) {
        reset();
      }
    }

    private void finish() throws IOException {
      connections.remove(this);
      client.close();
      server.close();
    }

    void reset() {
      connections.remove(this);
      for (Socket socket : new Socket[] {client, server}) {
        try {
          // A lingering time of 0 makes close() send RST instead of FIN.
          socket.setSoLinger(true, 0);
          socket.close();
        } catch (IOException e) {
          // It was closed already.
        }
      }
    }
  }
}
