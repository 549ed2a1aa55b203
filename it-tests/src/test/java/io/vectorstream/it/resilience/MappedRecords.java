package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.ShopperSettings;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records of a shape of their own, each with some events of a shopper model: some are sent twice,
 * some have an event that breaks a rule beside others that do not, and some are left out. The ids
 * of the events are made of the record's id and their places in it.
 */
final class MappedRecords {

  private static final String MAPPING =
      """
      fields:
        event_id: batch
        timestamp: things[].when
        user_id: things[].shopper.id
        event_type: things[].did
        session_id: things[].visit
        product.id: things[].item.id
        product.name: things[].item.name
        product.description: things[].item.description
        product.category: things[].item.category
        product.price: things[].item.price
        quantity: things[].quantity
        total_amount: things[].total
        payment_method: things[].paid
        view_duration: things[].seconds
        search_query: things[].words
      event_types: {looked: view}
      skip: [heartbeat]
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final EventStream shoppers;
  private final Random random;
  private final List<ObjectNode> valid = new ArrayList<>();
  private final Instant begin = Instant.now().minus(Duration.ofMinutes(5));
  private int batches;
  private int events;
  private int sent;
  private int broken;
  private int duplicates;
  private int skipped;

  MappedRecords(long seed, int products) {
    this.shoppers =
        new EventStream(
            Catalog.generate(products, seed), ShopperSettings.defaults().withUsers(60), seed);
    this.random = new Random(seed);
  }

  /** Writes the mapping into a file, and returns the setting that names it. */
  static String mapping(Path folder) {
    try {
      return "kafka.mapping=" + Files.writeString(folder.resolve("mapping.yaml"), MAPPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends so many records, and remembers what has to become of them. */
  void send(Deployment deployment, int count) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] value;
      int copies = 1;
      if (random.nextInt(12) == 0) {
        value = "{\"heartbeat\": 1}".getBytes(UTF_8);
        skipped++;
      } else {
        copies = random.nextInt(10) == 0 ? 2 : 1;
        value = Shop.bytes(record(copies));
      }
      for (int copy = 0; copy < copies; copy++) {
        records.add(
            new ProducerRecord<>(
                deployment.settings().kafka().topic(), new byte[] {(byte) i, (byte) copy}, value));
      }
    }
    sent += records.size();
    deployment.send(records);
  }

  private ObjectNode record(int copies) {
    String batch = "b-" + batches++;
    ObjectNode record = JSON.createObjectNode().put("batch", batch);
    ArrayNode things = record.putArray("things");
    int size = 1 + random.nextInt(4);
    int wrong = random.nextInt(15) == 0 ? random.nextInt(size) : -1;
    for (int i = 0; i < size; i++) {
      // No two have the same time, so that it is known which describes a product last.
      ObjectNode event = Shop.parse(shoppers.next(begin.plusMillis(events++)).value());
      event.put("event_id", batch + "/" + i);
      ObjectNode thing = thing(event);
      if (i == wrong) {
        thing.put("when", "soon");
      } else {
        valid.add(event);
        duplicates += copies - 1;
      }
      things.add(thing);
    }
    broken += wrong < 0 ? 0 : copies;
    return record;
  }

  private static ObjectNode thing(ObjectNode event) {
    ObjectNode thing = JSON.createObjectNode();
    copy(event, "timestamp", thing, "when");
    copy(event, "user_id", thing.putObject("shopper"), "id");
    thing.put("did", event.path("event_type").asText().replace("view", "looked"));
    copy(event, "session_id", thing, "visit");
    copy(event, "product", thing, "item");
    copy(event, "total_amount", thing, "total");
    copy(event, "payment_method", thing, "paid");
    copy(event, "view_duration", thing, "seconds");
    copy(event, "search_query", thing, "words");
    if (event.has("quantity")) {
      thing.put("quantity", event.get("quantity").asText());
    }
    return thing;
  }

  private static void copy(ObjectNode from, String name, ObjectNode to, String as) {
    if (from.has(name)) {
      to.set(as, from.get(name));
    }
  }

  /** Returns the events that have to be stored, in this project's shape. */
  List<ObjectNode> valid() {
    return valid;
  }

  /** Returns the number of records sent, copies included. */
  int sent() {
    return sent;
  }

  /** Returns the number of records with an event that breaks a rule, copies included. */
  int broken() {
    return broken;
  }

  /** Returns the number of events that are copies. */
  int duplicates() {
    return duplicates;
  }

  /** Returns the number of records that are left out. */
  int skipped() {
    return skipped;
  }
}
