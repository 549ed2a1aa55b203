package io.vectorstream.local.run;

import io.vectorstream.config.Settings;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.Topics;
import io.vectorstream.store.VectorStore;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic and collections of a run's own on services that other programs use too: the counts there
 * are this run's only, and no other data is touched.
 */
public final class ScratchSpace implements AutoCloseable {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

  private static final String OF_A_RUN = "-validate-";

  private final Settings settings;
  private final boolean keepsProducts;

  /**
   * @param settings with its topic and collections
   * @param keepsProducts whether the collection of products stays
   */
  public ScratchSpace(Settings settings, boolean keepsProducts) {
    this.settings = settings;
    this.keepsProducts = keepsProducts;
  }

  /**
   * Returns the settings with its topic and collections, as {@code name=value}.
   *
   * @param settings whose own topic and collections give the first part of each name
   * @param products the last part of the name of the collection of products, which several runs
   *     share; null for one of this run's own
   */
  public static List<String> settings(Settings settings, Instant now, String products) {
    String suffix = OF_A_RUN + NAME.format(now);
    Settings.Collections collections = settings.qdrant().collections();
    String topic = settings.kafka().topic() + suffix;
    return List.of(
        "kafka.topic=" + topic,
        "kafka.products_topic="
            + (settings.kafka().hasProducts() ? settings.kafka().productsTopic() + suffix : ""),
        "kafka.dead_letter_topic=" + topic + "-dead-letter",
        "kafka.starting_offsets=earliest",
        "qdrant.collections.products="
            + collections.products()
            + (products == null ? suffix : OF_A_RUN + products),
        "qdrant.collections.events=" + collections.events() + suffix,
        "qdrant.collections.users=" + collections.users() + suffix,
        "qdrant.collections.activity=" + collections.activity() + suffix,
        "qdrant.collections.pairs=" + collections.pairs() + suffix,
        "qdrant.collections.state=" + collections.state() + suffix);
  }

  /**
   * Checks that both services answer and grant access, before anything is created that would have
   * to be removed again.
   *
   * @throws org.apache.kafka.common.KafkaException in one line, if Kafka does not
   * @throws io.vectorstream.store.StoreException in one line, if Qdrant does not
   */
  public static void check(Settings settings) {
    Topics.check(settings.kafka());
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      store.check();
      // A health check is answered without a key; this call needs the API key.
      store.collectionNames();
    }
  }

  /** Removes the topics and the collections. */
  @Override
  public void close() {
    try {
      removeTopics();
    } finally {
      removeCollections();
    }
  }

  private void removeCollections() {
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      Settings.Collections collections = settings.qdrant().collections();
      collections.names().stream()
          .filter(name -> !(keepsProducts && name.equals(collections.products())))
          .forEach(store::delete);
    }
  }

  private void removeTopics() {
    String timeout = String.valueOf(settings.kafka().connectTimeout().toMillis());
    Map<String, Object> config = new HashMap<>(settings.kafka().properties());
    config.put("bootstrap.servers", settings.kafka().bootstrapServers());
    config.put("request.timeout.ms", timeout);
    config.put("default.api.timeout.ms", timeout);
    try (Admin admin = Admin.create(config)) {
      settings.kafka().readTopics().forEach(topic -> delete(admin, topic));
      delete(admin, settings.kafka().deadLetterTopic());
      delete(admin, DeadLetterTopic.replayedTopic(settings.kafka()));
    }
  }

  private static void delete(Admin admin, String topic) {
    try {
      admin.deleteTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw new RunException(
            "the topic " + topic + " cannot be removed: " + e.getCause().getMessage(), e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunException("interrupted while removing the topic " + topic, e);
    }
  }
}
