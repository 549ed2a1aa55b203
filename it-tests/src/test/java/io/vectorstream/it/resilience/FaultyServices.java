package io.vectorstream.it.resilience;

import io.vectorstream.it.Services;
import io.vectorstream.local.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Map;

/**
 * A Kafka and a Qdrant, each behind a proxy that can take it away. Kafka's clients go where the
 * broker tells them to, so that it has to be one that tells them the proxy's address: a broker of
 * this process, whatever the other tests run on. Qdrant is that of the other tests.
 */
final class FaultyServices implements AutoCloseable {

  private final FaultProxy kafka = new FaultProxy(0);
  private final FaultProxy qdrant = new FaultProxy(0);
  private final EmbeddedKafka broker;
  private final Services services;

  FaultyServices(Services real, Path folder) {
    qdrant.target(real.qdrantHost(), real.qdrantPort());
    String address = "127.0.0.1:" + kafka.port();
    broker =
        EmbeddedKafka.start(
            folder.resolve("kafka"), 0, Map.of("advertised.listeners", "PLAINTEXT://" + address));
    int port = Integer.parseInt(broker.bootstrapServers().replaceFirst(".*:", ""));
    kafka.target("127.0.0.1", port);
    services =
        new Services(real.kind(), address, "127.0.0.1", qdrant.port(), real.apiKey(), () -> {});
  }

  /** Before Kafka. */
  FaultProxy kafka() {
    return kafka;
  }

  /** Before Qdrant. */
  FaultProxy qdrant() {
    return qdrant;
  }

  /** As clients see them. */
  Services services() {
    return services;
  }

  @Override
  public void close() {
    kafka.pass();
    qdrant.pass();
    broker.close();
    kafka.close();
    qdrant.close();
  }
}
