package io.vectorstream.it;

import io.vectorstream.local.run.ServicesKind;
import java.util.UUID;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.qdrant.QdrantContainer;

/** Kafka and Qdrant in containers, of the {@link ContainerImages}. */
final class ContainerServices {

  private ContainerServices() {}

  static Services start() {
    String apiKey = UUID.randomUUID().toString();
    KafkaContainer kafka = new KafkaContainer(ContainerImages.kafka());
    QdrantContainer qdrant = new QdrantContainer(ContainerImages.qdrant()).withApiKey(apiKey);
    Runnable stop =
        () -> {
          try (kafka;
              qdrant) {
            // Each is stopped, even if stopping the other fails.
          }
        };
    try {
      Startables.deepStart(kafka, qdrant).join();
    } catch (RuntimeException e) {
      stop.run();
      throw e;
    }
    return new Services(
        ServicesKind.CONTAINERS,
        kafka.getBootstrapServers(),
        qdrant.getHost(),
        qdrant.getGrpcPort(),
        apiKey,
        stop);
  }
}
