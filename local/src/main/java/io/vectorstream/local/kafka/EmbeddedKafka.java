package io.vectorstream.local.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in this process, for one machine: KRaft, one node, on the loopback address only.
 * It keeps topics and records in a folder, and has them again when it is started on the same
 * folder.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Duration TOPIC_TIMEOUT = Duration.ofSeconds(30);

  /**
   * @param folder where it keeps its data; created when missing
   * @param port the port for clients; 0 takes a free one
   * @param brokerProperties settings of the broker, as Kafka names them, which take precedence over
   *     its own defaults. {@code security.inter.broker.protocol} gives the protocol of its one
   *     listener for clients, on the loopback address: {@code PLAINTEXT}, {@code SSL}, {@code
   *     SASL_PLAINTEXT} or {@code SASL_SSL}; the controller's stays plain. {@code
   *     advertised.listeners} may name another port, such as a proxy's
   * @param clientProperties the properties that a client needs beside {@code bootstrap.servers},
   *     for {@link #createTopic}
   */
  public record Options(
      Path folder,
      int port,
      Map<String, String> brokerProperties,
      Map<String, String> clientProperties) {

    public Options {
      brokerProperties = Map.copyOf(brokerProperties);
      clientProperties = Map.copyOf(clientProperties);
    }

    public Options(Path folder, int port) {
      this(folder, port, Map.of(), Map.of());
    }

    /** Returns names only: the values may be passwords. */
    @Override
    public String toString() {
      return "Options[folder=%s, port=%d, brokerProperties=%s, clientProperties=%s]"
          .formatted(folder, port, brokerProperties.keySet(), clientProperties.keySet());
    }
  }

  static {
    // Kafka ends the whole process when it cannot continue. In this process that is not wanted: the
    // thread with the failure fails, clients lose the broker, and the program decides what to do.
    Exit.setExitProcedure(EmbeddedKafka::refuseToExit);
    Exit.setHaltProcedure(EmbeddedKafka::refuseToExit);
  }

  private final KafkaRaftServer server;
  private final int port;
  private final Map<String, String> clientProperties;
  private final FileChannel lock;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(
      KafkaRaftServer server, int port, Map<String, String> clientProperties, FileChannel lock) {
    this.server = server;
    this.port = port;
    this.clientProperties = clientProperties;
    this.lock = lock;
  }

  /**
   * Starts a broker and waits until it serves clients.
   *
   * @param folder where it keeps its data; created when missing
   * @param port the port for clients; 0 takes a free one
   * @throws KafkaStartException when the port is taken, the folder is in use by another broker, or
   *     the broker fails
   */
  public static EmbeddedKafka start(Path folder, int port) {
    return start(new Options(folder, port));
  }

  /** Starts with settings of the broker as Kafka names them. */
  public static EmbeddedKafka start(Path folder, int port, Map<String, String> brokerProperties) {
    return start(new Options(folder, port, brokerProperties, Map.of()));
  }

  /**
   * Starts with all options.
   *
   * @throws IllegalArgumentException when a broker property is one that follows from the others
   */
  public static EmbeddedKafka start(Options options) {
    FileChannel lock = lock(options.folder());
    try {
      return start(options, lock);
    } catch (RuntimeException | Error e) {
      release(lock);
      throw e;
    }
  }

  private static EmbeddedKafka start(Options options, FileChannel lock) {
    int[] ports = checkPorts(options.port());
    Path log = options.folder().resolve("log").toAbsolutePath();
    Map<String, String> config =
        BrokerConfig.of(log, ports[0], ports[1], options.brokerProperties());
    format(log);
    KafkaRaftServer server = null;
    try {
      server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
      server.startup();
      return new EmbeddedKafka(server, ports[0], options.clientProperties(), lock);
    } catch (RuntimeException | Error e) {
      stopAfterFailure(server, e);
      throw new KafkaStartException(
          "the embedded Kafka broker cannot start on " + options.folder() + ": " + oneLine(e), e);
    }
  }

  /** Returns {@code host:port}, for a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return BrokerConfig.HOST + ":" + port;
  }

  /**
   * Creates the topic unless it exists, and returns when clients see it. An existing topic keeps
   * its partitions.
   */
  public void createTopic(String name, int partitions) {
    Map<String, Object> config = new HashMap<>(clientProperties);
    config.put("bootstrap.servers", bootstrapServers());
    try (Admin admin = Admin.create(config)) {
      try {
        admin
            .createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
            .all()
            .get(TOPIC_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new KafkaException(
              "topic " + name + " cannot be created: " + oneLine(e.getCause()), e.getCause());
        }
      }
      awaitTopic(admin, name);
    } catch (TimeoutException e) {
      throw new KafkaException(
          "topic " + name + " is not there after " + TOPIC_TIMEOUT.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while creating topic " + name, e);
    }
  }

  /** Waits until the broker knows a topic, which is a moment after the controller confirms it. */
  private static void awaitTopic(Admin admin, String name)
      throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + TOPIC_TIMEOUT.toNanos();
    while (true) {
      try {
        admin
            .describeTopics(List.of(name))
            .allTopicNames()
            .get(TOPIC_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw new KafkaException(
              "topic " + name + " cannot be read: " + oneLine(e.getCause()), e.getCause());
        }
        if (System.nanoTime() > deadline) {
          throw new TimeoutException();
        }
        Thread.sleep(10);
      }
    }
  }

  /** Stops the broker; acknowledged records are on disk. A second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        server.shutdown();
        server.awaitShutdown();
      } finally {
        release(lock);
      }
    }
  }

  private static FileChannel lock(Path folder) {
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another broker of this process has it: the exception below says so, as for another process.
    } catch (IOException e) {
      release(channel);
      throw new KafkaStartException(
          "the folder " + folder + " of the Kafka broker cannot be written: " + e, e);
    }
    release(channel);
    throw new KafkaStartException(
        "the folder "
            + folder
            + " is in use by another Kafka broker; stop that one or choose another folder");
  }

  private static void release(FileChannel lock) {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException("the lock of the broker's folder cannot be released", e);
    }
  }

  /**
   * Returns the clients' port and the controller's. They are checked before the start, because on a
   * port in use the broker itself ends the process.
   */
  private static int[] checkPorts(int port) {
    try (ServerSocket clients = new ServerSocket();
        ServerSocket controller = new ServerSocket()) {
      clients.setReuseAddress(true);
      InetAddress loopback = InetAddress.getByName(BrokerConfig.HOST);
      clients.bind(new InetSocketAddress(loopback, port));
      controller.bind(new InetSocketAddress(loopback, 0));
      return new int[] {clients.getLocalPort(), controller.getLocalPort()};
    } catch (BindException e) {
      throw new KafkaStartException(
          "port "
              + port
              + " is taken or not allowed, so the Kafka broker cannot start; stop what listens"
              + " there, or choose another port for Kafka (0 takes a free one)",
          e);
    } catch (IOException e) {
      throw new KafkaStartException("the Kafka broker cannot open its ports: " + e, e);
    }
  }

  /** Gives a new folder its cluster id; an existing one keeps it. */
  private static void format(Path log) {
    if (Files.exists(log.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
          .setNodeId(BrokerConfig.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(BrokerConfig.CONTROLLER_LISTENER)
          .setMetadataLogDirectory(log.toString())
          .setDirectories(List.of(log.toString()))
          .run();
    } catch (Exception e) {
      throw new KafkaStartException(
          "the folder " + log + " cannot be prepared for a Kafka broker: " + oneLine(e), e);
    }
  }

  private static void stopAfterFailure(KafkaRaftServer server, Throwable failure) {
    try {
      if (server != null) {
        server.shutdown();
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static String oneLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse("");
  }

  private static void refuseToExit(int status, String message) {
    throw new IllegalStateException(
        "the embedded Kafka broker failed (status "
            + status
            + (message == null ? ")" : "): " + message));
  }
}
