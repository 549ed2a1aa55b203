package io.vectorstream.local.run;

import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.kafka.EmbeddedKafka;
import io.vectorstream.local.store.EmbeddedVectorStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Kafka broker and a vector store in this process, on the loopback address. */
public final class EmbeddedServices implements AutoCloseable {
  public static final String KAFKA_PORT = "--kafka-port";
  public static final String QDRANT_PORT = "--qdrant-port";

  private final EmbeddedKafka kafka;
  private final String bootstrapServers;
  private final EmbeddedVectorStore store;

  private EmbeddedServices(
      EmbeddedKafka kafka, String bootstrapServers, EmbeddedVectorStore store) {
    this.kafka = kafka;
    this.bootstrapServers = bootstrapServers;
    this.store = store;
  }

  /**
   * Starts both. Their data is in the folder, and is there again at the next start.
   *
   * @param kafkaPort 0 takes any free one
   * @param qdrantPort 0 takes any free one
   * @param apiKey that clients of the store have to give
   * @throws RunException when a port is taken
   */
  public static EmbeddedServices start(
      DataFolder folder, int kafkaPort, int qdrantPort, Optional<String> apiKey) {
    return start(
        folder, kafkaPort, new EmbeddedVectorStore.Options(folder.store(), qdrantPort, apiKey));
  }

  /** Starts both on free ports, with Qdrant Cloud's strict mode for new collections. */
  public static EmbeddedServices startStrict(DataFolder folder, Optional<String> apiKey) {
    return start(folder, 0, new EmbeddedVectorStore.Options(folder.store(), 0, apiKey).strict());
  }

  private static EmbeddedServices start(
      DataFolder folder, int kafkaPort, EmbeddedVectorStore.Options storeOptions) {
    int qdrantPort = storeOptions.port();
    requireFree(kafkaPort, KAFKA_PORT);
    requireFree(qdrantPort, QDRANT_PORT);
    EmbeddedKafka kafka = EmbeddedKafka.start(folder.kafka(), kafkaPort);
    try {
      return new EmbeddedServices(
          kafka, kafka.bootstrapServers(), EmbeddedVectorStore.start(storeOptions));
    } catch (RuntimeException | Error e) {
      kafka.close();
      throw e;
    }
  }

  /** Starts both on free ports, Kafka behind a proxy that all its clients go through. */
  public static EmbeddedServices startBehind(FaultProxy kafkaProxy, DataFolder folder) {
    String address = "127.0.0.1:" + kafkaProxy.port();
    EmbeddedKafka kafka =
        EmbeddedKafka.start(
            folder.kafka(), 0, Map.of("advertised.listeners", "PLAINTEXT://" + address));
    try {
      int port = Integer.parseInt(kafka.bootstrapServers().replaceFirst(".*:", ""));
      kafkaProxy.target("127.0.0.1", port);
      return new EmbeddedServices(
          kafka,
          address,
          EmbeddedVectorStore.start(
              new EmbeddedVectorStore.Options(folder.store(), 0, Optional.empty())));
    } catch (RuntimeException | Error e) {
      kafka.close();
      throw e;
    }
  }

  /** Checks the port before the start, because only here its option is known. */
  private static void requireFree(int port, String option) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new RunException(
          "port %d is taken or not allowed; choose another one with %s PORT, where 0 takes any free one"
              .formatted(port, option),
          e);
    }
  }

  /** Returns {@code host:port} for {@code kafka.bootstrap_servers}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  public int qdrantPort() {
    return store.port();
  }

  /** Returns the settings with the addresses of these services, as {@code name=value}. */
  public List<String> settings() {
    return List.of(
        "kafka.bootstrap_servers=" + bootstrapServers(),
        "qdrant.host=127.0.0.1",
        "qdrant.port=" + qdrantPort(),
        "qdrant.addresses=",
        // These services do not support what the user's own services may need.
        "qdrant.tls=false",
        "qdrant.ca_certificate=",
        "kafka.properties_file=",
        "kafka.properties.security.protocol=PLAINTEXT");
  }

  @Override
  public void close() {
    try (kafka;
        store) {
      // Closed in the opposite order of their start.
    }
  }
}
