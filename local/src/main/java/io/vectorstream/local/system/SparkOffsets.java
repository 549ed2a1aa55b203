package io.vectorstream.local.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.local.run.CheckpointOffsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The offsets of the last batch that a checkpoint of Spark says is done. */
final class SparkOffsets implements AcknowledgedOffsets {
  private final Path checkpoint;
  private final String topic;

  SparkOffsets(Path checkpoint, String topic) {
    this.checkpoint = checkpoint;
    this.topic = topic;
  }

  @Override
  public Map<Integer, Long> read() {
    Map<Integer, Long> offsets = new HashMap<>();
    for (Map.Entry<String, JsonNode> partition :
        CheckpointOffsets.committed(checkpoint, topic).properties()) {
      offsets.put(Integer.valueOf(partition.getKey()), partition.getValue().asLong());
    }
    return offsets;
  }

  @Override
  public void close() {
    // Nothing stays open.
  }
}
