package io.vectorstream.generator;

import io.vectorstream.shop.KafkaFailures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A sink that sends records to a Kafka topic, keyed by user. The producer is idempotent, compresses
 * with lz4 and waits for all replicas, so that after {@link #flush} all records sent before are in
 * the topic, once and in order for each user. Several threads may send.
 *
 * <p>A record's time in Kafka is when it was due, so that an event whose own time is older is known
 * to be late on purpose, and one that a slow broker held up is not.
 */
public final class KafkaSink implements EventSink {

  private final String destination;
  private final String topic;
  private final Duration timeout;
  private final Producer<String, byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Callback onDelivery =
      (metadata, e) -> {
        if (e != null) {
          failure.compareAndSet(null, e);
        }
      };

  /**
   * Connects, and creates the topic if it is missing.
   *
   * @param bootstrapServers comma-separated {@code host:port} pairs
   * @param partitions of the topic, if it has to be created
   * @param extraProperties further client settings as Kafka names them; they override those set
   *     here
   * @param timeout how long to wait for the brokers, at the start and in a blocked {@code send}
   * @throws SinkException when the brokers do not answer in time or refuse
   */
  public KafkaSink(
      String bootstrapServers,
      String topic,
      int partitions,
      Map<String, String> extraProperties,
      Duration timeout) {
    this(
        bootstrapServers,
        topic,
        timeout,
        connect(bootstrapServers, topic, partitions, extraProperties, timeout));
  }

  KafkaSink(
      String bootstrapServers, String topic, Duration timeout, Producer<String, byte[]> producer) {
    this.destination = "topic " + topic + " of Kafka at " + bootstrapServers;
    this.topic = topic;
    this.timeout = timeout;
    this.producer = producer;
  }

  private static Producer<String, byte[]> connect(
      String bootstrapServers,
      String topic,
      int partitions,
      Map<String, String> extraProperties,
      Duration timeout) {
    try {
      createIfMissing(bootstrapServers, topic, partitions, extraProperties, timeout);
      return new KafkaProducer<>(
          producerConfig(bootstrapServers, extraProperties, timeout),
          new StringSerializer(),
          new ByteArraySerializer());
    } catch (KafkaException e) {
      throw unusable(bootstrapServers, timeout, e);
    }
  }

  private static SinkException unusable(String servers, Duration timeout, Exception e) {
    KafkaException told = KafkaFailures.of(servers, "the address", timeout, e);
    return new SinkException(told.getMessage(), told.getCause());
  }

  private static Map<String, Object> producerConfig(
      String bootstrapServers, Map<String, String> extraProperties, Duration timeout) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "vectorstream-generator");
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // Big batches compress better; 10 ms of waiting is little beside a micro-batch.
    config.put(ProducerConfig.LINGER_MS_CONFIG, 10);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout.toMillis());
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, clientMillis(timeout));
    // Long enough for a broker's restart.
    config.put(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        clientMillis(timeout.multipliedBy(4).plusSeconds(1)));
    config.putAll(extraProperties);
    return config;
  }

  private static void createIfMissing(
      String bootstrapServers,
      String topic,
      int partitions,
      Map<String, String> extraProperties,
      Duration timeout) {
    Map<String, Object> config = new HashMap<>(extraProperties);
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(AdminClientConfig.CLIENT_ID_CONFIG, "vectorstream-generator");
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, clientMillis(timeout));
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, clientMillis(timeout));
    Admin admin = Admin.create(config);
    try {
      if (!exists(admin, topic, timeout)) {
        create(admin, topic, partitions, timeout);
      }
    } catch (TimeoutException e) {
      throw unusable(bootstrapServers, timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SinkException("interrupted while connecting to Kafka at " + bootstrapServers, e);
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  private static boolean exists(Admin admin, String topic, Duration timeout)
      throws InterruptedException, TimeoutException {
    try {
      admin
          .describeTopics(Set.of(topic))
          .allTopicNames()
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw asKafkaException(e);
    }
  }

  private static void create(Admin admin, String topic, int partitions, Duration timeout)
      throws InterruptedException, TimeoutException {
    try {
      admin
          .createTopics(Set.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
          .all()
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      // Another client, perhaps the pipeline, was faster.
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw asKafkaException(e);
      }
    }
  }

  private static KafkaException asKafkaException(ExecutionException e) {
    return e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
  }

  private static int clientMillis(Duration timeout) {
    return (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
  }

  /** The receiver of where Kafka has put a record. A thread of the producer calls it. */
  @FunctionalInterface
  public interface Delivered {
    void at(int partition, long offset);
  }

  @Override
  public void send(GeneratedRecord record) {
    deliver(record, onDelivery);
  }

  /** Takes the record, and tells where it is once it is delivered. */
  public void send(GeneratedRecord record, Delivered delivered) {
    deliver(
        record,
        (metadata, e) -> {
          onDelivery.onCompletion(metadata, e);
          if (e == null) {
            delivered.at(metadata.partition(), metadata.offset());
          }
        });
  }

  private void deliver(GeneratedRecord record, Callback callback) {
    throwFailure();
    try {
      ProducerRecord<String, byte[]> sent =
          new ProducerRecord<>(topic, null, millis(record.dueAt()), record.key(), record.value());
      record
          .headers()
          .forEach(
              (name, value) -> sent.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
      producer.send(sent, callback);
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  /** Returns the first millisecond that is not before the time; null, which is now, without one. */
  private static Long millis(Instant time) {
    return time == null ? null : time.plusNanos(999_999).toEpochMilli();
  }

  @Override
  public void flush() {
    try {
      producer.flush();
    } catch (KafkaException e) {
      throw failed(e);
    }
    throwFailure();
  }

  @Override
  public void close() {
    try {
      producer.close(timeout);
    } catch (KafkaException e) {
      throw failed(e);
    }
    throwFailure();
  }

  /** Throws a failure once: the caller knows it then, and closing afterwards should not hide it. */
  private void throwFailure() {
    if (failure.get() != null) {
      Exception e = failure.getAndSet(null);
      if (e != null) {
        throw failed(e);
      }
    }
  }

  private SinkException failed(Exception e) {
    return new SinkException("cannot deliver to " + destination + ": " + e.getMessage(), e);
  }
}
