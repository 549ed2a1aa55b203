package io.vectorstream.local.run;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The unread records of an earlier run: a run that counts has to know when they are done. */
final class UnreadRecords {
  private UnreadRecords() {}

  /**
   * Returns the number of records in the topic that no committed batch has read.
   *
   * @param settings with a checkpoint in a folder of this machine
   */
  static long count(Settings settings) {
    JsonNode read =
        CheckpointOffsets.committed(
            Path.of(settings.stream().checkpoint()), settings.kafka().topic());
    Map<String, Object> config = new HashMap<>(settings.kafka().properties());
    config.put("bootstrap.servers", settings.kafka().bootstrapServers());
    try (Admin admin = Admin.create(config)) {
      List<TopicPartition> partitions =
          admin
              .describeTopics(List.of(settings.kafka().topic()))
              .allTopicNames()
              .get()
              .get(settings.kafka().topic())
              .partitions()
              .stream()
              .map(info -> new TopicPartition(settings.kafka().topic(), info.partition()))
              .toList();
      var first = offsets(admin, partitions, OffsetSpec.earliest());
      var end = offsets(admin, partitions, OffsetSpec.latest());
      return partitions.stream()
          .mapToLong(
              partition ->
                  end.get(partition).offset()
                      - read.path(String.valueOf(partition.partition()))
                          .asLong(first.get(partition).offset()))
          .sum();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw new RunException(
          "the offsets of topic " + settings.kafka().topic() + " cannot be read: " + e.getCause(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunException("interrupted while reading the offsets of the topic", e);
    }
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Admin admin, List<TopicPartition> partitions, OffsetSpec which)
      throws ExecutionException, InterruptedException {
    return admin
        .listOffsets(partitions.stream().collect(toMap(Function.identity(), partition -> which)))
        .all()
        .get();
  }
}
