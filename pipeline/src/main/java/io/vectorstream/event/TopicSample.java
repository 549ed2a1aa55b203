package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/** The newest records of a topic, to look at. */
public final class TopicSample {

  private TopicSample() {}

  /**
   * Reads records, those of a partition in their order.
   *
   * @param most that are read; fewer where offsets belong to no record
   * @throws IllegalArgumentException if there is no such topic
   * @throws KafkaException in one line, if the topic cannot be read
   */
  public static List<IncomingRecord> newest(Settings.Kafka settings, String topic, int most) {
    TopicDescription description = Topics.describe(settings, Set.of(topic)).get(topic);
    if (description == null) {
      throw new IllegalArgumentException(
          "there is neither a file nor, in Kafka at %s, a topic '%s'"
              .formatted(settings.bootstrapServers(), topic));
    }
    List<IncomingRecord> records = new ArrayList<>();
    try (TopicReader reader = new TopicReader(settings, description)) {
      reader.read(
          starts(reader, most),
          record -> {
            long time = TimeUnit.MILLISECONDS.toMicros(RecordTimes.storable(record.timestamp()));
            records.add(IncomingRecord.of(record, time));
            return records.size() < most;
          });
    }
    return records;
  }

  /** Returns offsets that leave so many records; a partition with few leaves more to the others. */
  private static Map<Integer, Long> starts(TopicReader reader, int most) {
    Map<Integer, Long> beginnings = reader.beginnings();
    Map<Integer, Long> starts = new HashMap<>(reader.ends());
    long left = most;
    boolean moved = true;
    while (left > 0 && moved) {
      moved = false;
      long each = Math.max(1, left / starts.size());
      for (Map.Entry<Integer, Long> start : starts.entrySet()) {
        long room = start.getValue() - beginnings.get(start.getKey());
        long taken = Math.min(Math.min(each, left), room);
        start.setValue(start.getValue() - taken);
        left -= taken;
        moved |= taken > 0;
      }
    }
    return starts;
  }
}
