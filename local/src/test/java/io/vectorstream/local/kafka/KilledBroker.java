package io.vectorstream.local.kafka;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A process that starts a broker, has a record acknowledged and dies without closing anything. */
final class KilledBroker {
  static final int STATUS = 9;

  private KilledBroker() {}

  public static void main(String[] args) throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]), 0);
    kafka.createTopic("events", 1);
    Properties properties = new Properties();
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    KafkaProducer<String, String> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    producer.send(new ProducerRecord<>("events", "acknowledged")).get();
    Runtime.getRuntime().halt(STATUS);
  }
}
