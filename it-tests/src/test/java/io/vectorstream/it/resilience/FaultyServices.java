package io.vectorstream.it.resilience;

import io.vectorstream.it.Services;
import io.vectorstream.local.fault.FaultProxy;
import io.vectorstream.local.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Map;

/**
 * A Kafka and a Qdrant, each behind a proxy that can cut it off. Kafka's clients connect to the
 * address that the broker gives them, so it has to be the proxy's: this is a broker in this
 * process, whatever the other tests use. Qdrant is that of the other tests.
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

  /** Returns the proxy of Kafka. */
  FaultProxy kafka() {
    return kafka;
  }

  /** Returns the proxy of Qdrant. */
  FaultProxy qdrant() {
    return qdrant;
  }

  /** Returns the services as clients see them. */
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
