package io.vectorstream.event;

import com.google.common.collect.Maps;
import io.vectorstream.config.Settings;
import io.vectorstream.shop.KafkaFailures;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that the pipeline needs. */
public final class Topics {

  private static final Logger log = LoggerFactory.getLogger(Topics.class);

  private static final int ROOM_FOR_HEADERS = 64 << 10;

  /** The configuration of a topic that keeps the latest record of each key for ever. */
  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  private Topics() {}

  /**
   * Creates the topic of events, that of products and the dead-letter topic if they are missing.
   * The latter takes records as large as the topic of events does, if Kafka permits reading how
   * large they may be.
   *
   * @throws KafkaException in one line, if the brokers do not answer within the settings' time or
   *     refuse
   */
  public static void ensure(Settings.Kafka settings) {
    ask(
        settings,
        (admin, timeoutMs) -> {
          Set<String> present = admin.listTopics().names().get(timeoutMs, TimeUnit.MILLISECONDS);
          Optional<Config> made =
              present.contains(settings.topic())
                  ? Optional.empty()
                  : create(admin, settings, settings.topic(), Map.of());
          if (!present.contains(settings.deadLetterTopic())) {
            // A broker may not know a new topic yet; the answer to its creation has its settings.
            Optional<Config> source = made.isPresent() ? made : config(admin, settings);
            create(
                admin,
                settings,
                settings.deadLetterTopic(),
                deadLetterConfig(source, settings.deadLetterRetention()));
          }
          if (settings.hasProducts() && !present.contains(settings.productsTopic())) {
            create(admin, settings, settings.productsTopic(), COMPACTED);
          }
          return null;
        });
  }

  /**
   * Checks that the brokers answer, and changes nothing.
   *
   * @throws KafkaException in one line, as {@link #ensure} does
   */
  public static void check(Settings.Kafka settings) {
    ask(
        settings,
        (admin, timeoutMs) -> admin.listTopics().names().get(timeoutMs, TimeUnit.MILLISECONDS));
  }

  private static Optional<Config> create(
      Admin admin, Settings.Kafka settings, String topic, Map<String, String> config)
      throws ExecutionException, InterruptedException, TimeoutException {
    return create(
        admin,
        settings,
        new NewTopic(topic, Optional.of(settings.partitions()), Optional.empty()).configs(config));
  }

  /**
   * Returns the settings of the new topic; empty if another client has just created it, or if
   * reading them is not permitted.
   */
  private static Optional<Config> create(Admin admin, Settings.Kafka settings, NewTopic topic)
      throws ExecutionException, InterruptedException, TimeoutException {
    CreateTopicsResult created = admin.createTopics(List.of(topic));
    try {
      created.all().get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return Optional.empty();
      }
      throw e;
    }
    return permitted(created.config(topic.name()), settings);
  }

  private static Optional<Config> config(Admin admin, Settings.Kafka settings)
      throws ExecutionException, InterruptedException, TimeoutException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
    return permitted(admin.describeConfigs(List.of(topic)).values().get(topic), settings);
  }

  /** Returns a topic's settings; empty if reading them is not permitted. */
  private static Optional<Config> permitted(KafkaFuture<Config> config, Settings.Kafka settings)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      return Optional.of(config.get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns the settings of the dead-letter topic: what fits the other topic fits it. */
  private static Map<String, String> deadLetterConfig(Optional<Config> source, Duration retention) {
    Map<String, String> config = new HashMap<>();
    config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    source
        .map(topic -> topic.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value())
        .map(Long::parseLong)
        .ifPresent(
            largest ->
                config.put(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Long.toString(Math.min(largest + ROOM_FOR_HEADERS, Integer.MAX_VALUE))));
    return config;
  }

  /**
   * Returns descriptions of the topics that exist, by name.
   *
   * @throws KafkaException in one line, as {@link #ensure} does
   */
  static Map<String, TopicDescription> describe(Settings.Kafka settings, Set<String> topics) {
    return ask(
        settings,
        (admin, timeoutMs) -> {
          Map<String, TopicDescription> present = new HashMap<>();
          for (var answer : admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
              present.put(answer.getKey(), answer.getValue().get(timeoutMs, TimeUnit.MILLISECONDS));
            } catch (ExecutionException e) {
              if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
              }
            }
          }
          return present;
        });
  }

  /**
   * Returns the first offsets that partitions still have.
   *
   * @throws KafkaException in one line, as {@link #ensure} does
   */
  public static Map<TopicPartition, Long> firstOffsets(
      Settings.Kafka settings, List<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, OffsetSpec.earliest()));
    return ask(
        settings,
        (admin, timeoutMs) -> {
          Map<TopicPartition, Long> first = new HashMap<>();
          admin
              .listOffsets(wanted)
              .all()
              .get(timeoutMs, TimeUnit.MILLISECONDS)
              .forEach((partition, info) -> first.put(partition, info.offset()));
          return first;
        });
  }

  /**
   * Creates a topic of one partition that keeps the latest record of each key for ever, if it is
   * missing.
   *
   * @throws KafkaException in one line, as {@link #ensure} does
   */
  static void ensureCompacted(Settings.Kafka settings, String topic) {
    NewTopic compacted = new NewTopic(topic, Optional.of(1), Optional.empty()).configs(COMPACTED);
    ask(
        settings,
        (admin, timeoutMs) -> {
          create(admin, settings, compacted);
          return null;
        });
  }

  /**
   * Returns how long Kafka keeps the records of each topic that exists; empty for a topic that it
   * keeps for ever.
   *
   * @throws KafkaException in one line, as {@link #ensure} does
   */
  public static Map<String, Optional<Duration>> retention(
      Settings.Kafka settings, Set<String> topics) {
    return Maps.transformValues(configs(settings, topics), Topics::retention);
  }

  /**
   * Returns those topics that keep the latest record of each key only, and take none without a key.
   * If Kafka does not permit reading the topics' settings, it is the products topic, which {@link
   * #ensure} makes so.
   *
   * @throws KafkaException in one line, as {@link #ensure} does
   */
  static Set<String> compacted(Settings.Kafka settings, Set<String> topics) {
    try {
      return configs(settings, topics).entrySet().stream()
          .filter(topic -> has(topic.getValue(), TopicConfig.CLEANUP_POLICY_COMPACT))
          .map(Map.Entry::getKey)
          .collect(Collectors.toSet());
    } catch (KafkaException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw e;
      }
      log.debug("which of the topics {} are compacted is not known", topics, e);
      return topics.stream()
          .filter(topic -> settings.hasProducts() && topic.equals(settings.productsTopic()))
          .collect(Collectors.toSet());
    }
  }

  /** Returns the settings of the topics that exist, by name. */
  private static Map<String, Config> configs(Settings.Kafka settings, Set<String> topics) {
    List<ConfigResource> wanted =
        describe(settings, topics).keySet().stream()
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
            .toList();
    return ask(
        settings,
        (admin, timeoutMs) -> {
          Map<String, Config> configs = new TreeMap<>();
          admin
              .describeConfigs(wanted)
              .all()
              .get(timeoutMs, TimeUnit.MILLISECONDS)
              .forEach((topic, config) -> configs.put(topic.name(), config));
          return configs;
        });
  }

  private static boolean has(Config topic, String policy) {
    return topic.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains(policy);
  }

  /**
   * Returns one sentence about a difference between the retention of the dead-letter topic and the
   * settings; empty if there is none, or if reading the topic's settings is not permitted.
   */
  public static Optional<String> otherRetention(Settings.Kafka settings) {
    String topic = settings.deadLetterTopic();
    long wantedMs = settings.deadLetterRetention().toMillis();
    return retention(settings, topic)
        .filter(kept -> !kept.map(Duration::toMillis).equals(Optional.of(wantedMs)))
        .map(
            kept ->
                "topic %s keeps dead letters %s, but kafka.dead_letter_retention is %s; set the one (kafka-configs --alter --topic %s --add-config retention.ms=%d) or the other"
                    .formatted(
                        topic,
                        kept(kept),
                        inUnits(settings.deadLetterRetention()),
                        topic,
                        wantedMs));
  }

  /**
   * Returns one sentence if Kafka keeps records for longer than events are stored: after a lost
   * checkpoint, older records would become dead letters. Returns empty otherwise, or if reading the
   * topic's settings is not permitted.
   */
  public static Optional<String> longerRetention(Settings.Kafka settings, Duration events) {
    return retention(settings, settings.topic())
        .filter(kept -> kept.isEmpty() || kept.get().compareTo(events) > 0)
        .map(
            kept ->
                "topic %s keeps records %s, but events.retention is %s: if the checkpoint is lost, older records in the topic become dead letters (older_than_retention); make events.retention longer"
                    .formatted(settings.topic(), kept(kept), inUnits(events)));
  }

  /** Returns the retention: empty where it is not known, an empty value if it is for ever. */
  private static Optional<Optional<Duration>> retention(Settings.Kafka settings, String topic) {
    try {
      return Optional.ofNullable(retention(settings, Set.of(topic)).get(topic));
    } catch (KafkaException e) {
      log.debug("how long topic {} keeps its records is not known", topic, e);
      return Optional.empty();
    }
  }

  private static String kept(Optional<Duration> time) {
    return time.map(kept -> "for " + inUnits(kept)).orElse("for ever");
  }

  private static io.airlift.units.Duration inUnits(Duration time) {
    return new io.airlift.units.Duration(time.toMillis(), TimeUnit.MILLISECONDS)
        .convertToMostSuccinctTimeUnit();
  }

  private static Optional<Duration> retention(Config topic) {
    long ms = Long.parseLong(topic.get(TopicConfig.RETENTION_MS_CONFIG).value());
    return has(topic, TopicConfig.CLEANUP_POLICY_DELETE) && ms >= 0
        ? Optional.of(Duration.ofMillis(ms))
        : Optional.empty();
  }

  private interface AdminCall<T> {
    T ask(Admin admin, long timeoutMs)
        throws ExecutionException, TimeoutException, InterruptedException;
  }

  private static <T> T ask(Settings.Kafka settings, AdminCall<T> question) {
    try (Admin admin = Admin.create(KafkaClients.impatient(settings))) {
      return question.ask(admin, settings.connectTimeout().toMillis());
    } catch (ExecutionException e) {
      throw failure(settings, e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw failure(settings, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static KafkaException failure(Settings.Kafka settings, Throwable failure) {
    return KafkaFailures.of(
        settings.bootstrapServers(), "kafka.bootstrap_servers", settings.connectTimeout(), failure);
  }
}
