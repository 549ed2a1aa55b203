package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A products topic of a test's own, and the records that a shop sends to it. */
public final class ProductsTopic {

  private final String name = "it-products-" + UUID.randomUUID();

  /** Returns the setting that names it, as {@code name=value}. */
  public String setting() {
    return "kafka.products_topic=" + name;
  }

  /** Returns a record with a product's new version. */
  public ProducerRecord<byte[], byte[]> version(ObjectNode product) {
    return record(product.path("id").textValue(), Shop.bytes(product));
  }

  /** Returns a record that retires a product. */
  public ProducerRecord<byte[], byte[]> retirement(String id) {
    return record(id, null);
  }

  /** Returns a record with any value. */
  public ProducerRecord<byte[], byte[]> record(String id, byte[] value) {
    return new ProducerRecord<>(name, id.getBytes(UTF_8), value);
  }

  /** Sends new versions of products. */
  public void send(Deployment shop, ObjectNode... products) {
    shop.send(List.of(products).stream().map(this::version).toList());
  }
}
