package io.vectorstream.local.system;

import io.vectorstream.config.Settings;
import io.vectorstream.generator.KafkaSink;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** The topics and consumer groups of one run, which all have its name in theirs. */
final class KafkaSpace {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Settings.Kafka kafka;
  private final String run;

  KafkaSpace(Settings.Kafka kafka, String run) {
    this.kafka = kafka;
    this.run = run;
  }

  /** Connects, and makes the topic that the system reads. */
  KafkaSink sink() {
    return new KafkaSink(
        kafka.bootstrapServers(),
        run,
        kafka.partitions(),
        kafka.properties(),
        kafka.connectTimeout());
  }

  Admin admin() {
    Map<String, Object> config = new HashMap<>(kafka.properties());
    config.put("bootstrap.servers", kafka.bootstrapServers());
    return Admin.create(config);
  }

  /** Removes what has the run's name, also what the system has made. */
  void remove() {
    try (Admin admin = admin()) {
      List<String> topics = named(admin.listTopics().names().get(seconds(), TimeUnit.SECONDS));
      admin.deleteTopics(topics).all().get(seconds(), TimeUnit.SECONDS);
      List<String> groups =
          named(
              admin.listConsumerGroups().all().get(seconds(), TimeUnit.SECONDS).stream()
                  .map(ConsumerGroupListing::groupId)
                  .toList());
      for (KafkaFuture<Void> removed :
          admin.deleteConsumerGroups(groups).deletedGroups().values()) {
        awaitRemoval(removed);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new SystemException("what " + run + " has in Kafka cannot be removed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Leaves a group that a killed member still holds, which Kafka removes after a while, and one
   * that has gone with its topic.
   */
  private static void awaitRemoval(KafkaFuture<Void> removed)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      removed.get(seconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupNotEmptyException
          || e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
  }

  private static long seconds() {
    return PATIENCE.toSeconds();
  }

  private List<String> named(Collection<String> names) {
    return names.stream().filter(name -> name.contains(run)).toList();
  }
}
