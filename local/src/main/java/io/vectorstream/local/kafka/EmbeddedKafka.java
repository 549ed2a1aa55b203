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
 * A Kafka broker in this process, for one machine: KRaft, one node, on the loopback only. It keeps
 * its topics and records in a folder, and has them again when it is started on the same folder.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Duration TOPIC_TIMEOUT = Duration.ofSeconds(30);

  static {
    // Kafka ends the whole process when it cannot go on. Here it is a guest: the thread that meets
    // the
    // failure fails, clients see the broker gone, and the host decides what to do.
    Exit.setExitProcedure(EmbeddedKafka::refuseToExit);
    Exit.setHaltProcedure(EmbeddedKafka::refuseToExit);
  }

  private final KafkaRaftServer server;
  private final int port;
  private final FileChannel lock;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(KafkaRaftServer server, int port, FileChannel lock) {
    this.server = server;
    this.port = port;
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
    FileChannel lock = lock(folder);
    try {
      return start(folder, port, lock);
    } catch (RuntimeException | Error e) {
      release(lock);
      throw e;
    }
  }

  private static EmbeddedKafka start(Path folder, int port, FileChannel lock) {
    int[] ports = checkPorts(port);
    Path log = folder.resolve("log").toAbsolutePath();
    format(log);
    KafkaRaftServer server = null;
    try {
      server =
          new KafkaRaftServer(
              new KafkaConfig(BrokerConfig.of(log, ports[0], ports[1]), false), Time.SYSTEM);
      server.startup();
      return new EmbeddedKafka(server, ports[0], lock);
    } catch (RuntimeException | Error e) {
      stopAfterFailure(server, e);
      throw new KafkaStartException(
          "the embedded Kafka broker cannot start on " + folder + ": " + oneLine(e), e);
    }
  }

  /** {@code host:port}, for a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return BrokerConfig.HOST + ":" + port;
  }

  /**
   * Makes sure that the topic exists, and returns when clients see it. A topic that exists already
   * keeps the partitions it has.
   */
  public void createTopic(String name, int partitions) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
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

  /** The controller says yes a moment before the broker knows; who asks in between is told no. */
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

  /**
   * Stops the broker; what clients have had acknowledged is on disk. A second call does nothing.
   */
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
      // Another broker of this very process has it: said below, as for another process.
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
   * The clients' port and the controller's. Asked beforehand because the broker itself answers a
   * taken port by ending the process.
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
              + " is taken or not allowed, so the Kafka broker cannot start; stop what listens there,"
              + " or choose another port for Kafka (0 takes a free one)",
          e);
    } catch (IOException e) {
      throw new KafkaStartException("the Kafka broker cannot open its ports: " + e, e);
    }
  }

  /** Gives a new folder its cluster id; one that has it keeps it. */
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
