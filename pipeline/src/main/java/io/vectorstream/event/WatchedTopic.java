package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A topic as it is at a moment, asked for again and again over one connection. */
public final class WatchedTopic implements AutoCloseable {

  /**
   * The topic at one moment.
   *
   * @param topicId the id that Kafka has given it; another one if it was deleted and created again
   * @param beginnings the first offset that still exists, by partition
   * @param ends the offset behind the last committed record, by partition
   */
  public record State(String topicId, Map<Integer, Long> beginnings, Map<Integer, Long> ends) {}

  private final String topic;
  private final long timeoutMs;
  private final Admin admin;

  /** Watches the topic of events; asks nothing yet. */
  public WatchedTopic(Settings.Kafka settings) {
    this(settings, settings.topic());
  }

  /** Watches any topic; asks nothing yet. */
  public WatchedTopic(Settings.Kafka settings, String topic) {
    this.topic = topic;
    this.timeoutMs = settings.connectTimeout().toMillis();
    Map<String, Object> config = KafkaClients.impatient(settings);
    KafkaClients.askRarely(config);
    this.admin = Admin.create(config);
  }

  /**
   * Returns its present state; empty if it does not exist.
   *
   * @throws KafkaException if the brokers do not answer within the settings' time or refuse
   */
  public Optional<State> state() {
    try {
      TopicDescription described =
          get(admin.describeTopics(Set.of(topic)).allTopicNames()).get(topic);
      return Optional.of(
          new State(
              described.topicId().toString(),
              offsets(described, OffsetSpec.earliest()),
              offsets(described, OffsetSpec.latest())));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException("no answer for %d ms".formatted(timeoutMs), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Map<Integer, Long> offsets(TopicDescription described, OffsetSpec wanted)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    described
        .partitions()
        .forEach(info -> asked.put(new TopicPartition(topic, info.partition()), wanted));
    Map<Integer, Long> offsets = new HashMap<>();
    get(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
        .forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
    return offsets;
  }

  private <T> T get(KafkaFuture<T> answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    return answer.get(timeoutMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
