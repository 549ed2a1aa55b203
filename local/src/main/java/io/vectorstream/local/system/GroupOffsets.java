package io.vectorstream.local.system;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** The offsets that a consumer group has committed. */
final class GroupOffsets implements AcknowledgedOffsets {
  private final Admin admin;
  private final String group;

  GroupOffsets(Admin admin, String group) {
    this.admin = admin;
    this.group = group;
  }

  @Override
  public Map<Integer, Long> read() {
    Map<Integer, Long> offsets = new HashMap<>();
    try {
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach(
              (partition, offset) -> {
                if (offset != null) {
                  offsets.put(partition.partition(), offset.offset());
                }
              });
    } catch (ExecutionException e) {
      throw new SystemException("the offsets of group " + group + " cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return offsets;
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
