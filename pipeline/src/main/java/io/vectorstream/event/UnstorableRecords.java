package io.vectorstream.event;

import io.vectorstream.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of dead letters that turned out to be ones when their bytes were gone: a record that
 * is read as an event keeps its fields only. There are few of them, so that they are read from
 * Kafka once more.
 */
public final class UnstorableRecords {

  private UnstorableRecords() {}

  /**
   * The dead letters, those without their bytes completed from Kafka.
   *
   * @throws org.apache.kafka.common.KafkaException in one line, if the topic cannot be read
   */
  public static List<DeadLetter> complete(Settings.Kafka settings, List<DeadLetter> deadLetters) {
    Set<DeadLetterId> places =
        deadLetters.stream()
            .filter(UnstorableRecords::lacksBytes)
            .map(UnstorableRecords::place)
            .collect(Collectors.toSet());
    if (places.isEmpty()) {
      return deadLetters;
    }
    Map<DeadLetterId, ConsumerRecord<byte[], byte[]>> records = read(settings, places);
    return deadLetters.stream()
        .map(letter -> lacksBytes(letter) ? complete(letter, records.get(place(letter))) : letter)
        .toList();
  }

  private static boolean lacksBytes(DeadLetter letter) {
    return letter.reason().equals(Reason.CANNOT_BE_STORED.code());
  }

  private static DeadLetterId place(DeadLetter letter) {
    return new DeadLetterId(letter.partition(), letter.offset());
  }

  private static Map<DeadLetterId, ConsumerRecord<byte[], byte[]>> read(
      Settings.Kafka settings, Set<DeadLetterId> places) {
    TopicDescription topic =
        Topics.describe(settings, Set.of(settings.topic())).get(settings.topic());
    if (topic == null) {
      return Map.of();
    }
    try (TopicReader reader = new TopicReader(settings, topic)) {
      return reader.pick(places);
    }
  }

  private static DeadLetter complete(DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
    if (record == null) {
      return new DeadLetter(
          null,
          null,
          letter.partition(),
          letter.offset(),
          letter.receivedAtMicros(),
          letter.reason(),
          letter.detail() + "; its bytes have expired in Kafka meanwhile");
    }
    return new DeadLetter(
        record.key(),
        record.value(),
        letter.partition(),
        letter.offset(),
        RecordTimes.storable(record.timestamp()) * 1000,
        letter.reason(),
        letter.detail());
  }
}
