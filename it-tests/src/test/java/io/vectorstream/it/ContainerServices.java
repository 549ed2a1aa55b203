package io.vectorstream.it;

import io.vectorstream.local.run.ServicesKind;
import java.util.UUID;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.qdrant.QdrantContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Kafka and Qdrant in containers. {@code -Dservices.kafka.image} and {@code
 * -Dservices.qdrant.image} take other images, such as those of a mirror.
 */
final class ContainerServices {
  private static final String KAFKA = "apache/kafka";
  private static final String KAFKA_VERSION = "4.2.2";
  private static final String QDRANT = "qdrant/qdrant";
  private static final String QDRANT_VERSION = "v1.18.3";

  private ContainerServices() {}

  static Services start() {
    String apiKey = UUID.randomUUID().toString();
    KafkaContainer kafka = new KafkaContainer(image("kafka", KAFKA, KAFKA_VERSION));
    QdrantContainer qdrant =
        new QdrantContainer(image("qdrant", QDRANT, QDRANT_VERSION)).withApiKey(apiKey);
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

  private static DockerImageName image(String service, String name, String version) {
    String image = System.getProperty("services." + service + ".image", name + ":" + version);
    return DockerImageName.parse(image).asCompatibleSubstituteFor(name);
  }
}
