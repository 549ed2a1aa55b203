package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.DeadLetters;
import io.vectorstream.event.LostRecordException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The content of the dead-letter topic: copies of records, made from their places. */
@ExtendWith(SharedServices.class)
class DeadLetterCopiesIT {

  @Test
  void a_record_keeps_its_own_headers_as_a_dead_letter_and_when_it_is_replayed(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings.Kafka kafka = deployment.settings().kafka();
      ProducerRecord<byte[], byte[]> record = record(kafka, 0);
      record.headers().add("trace", new byte[] {1, (byte) 0xff});
      record.headers().add("reason", "the shop's own".getBytes(UTF_8));
      record.headers().add("empty", null);
      deployment.send(List.of(record));
      DeadLetter letter = new DeadLetter(0, 0, 0, "not_json", "not JSON");
      write(kafka, "query", 0, "plan", letter);

      ConsumerRecord<byte[], byte[]> stored = deployment.deadLetters().get(0);
      assertThat(stored.headers().toArray()).startsWith(record.headers().toArray());
      assertThat(stored.headers().toArray()).hasSize(3 + 7);
      assertThat(new String(stored.headers().lastHeader("reason").value(), UTF_8))
          .isEqualTo("not_json");

      try (DeadLetterTopic topic = DeadLetterTopic.open(kafka);
          DeadLetterReplay replay = DeadLetterReplay.open(kafka, topic, kafka.topic())) {
        assertThat(replay.run(DeadLetterFilter.ALL, false, count -> {})).isEqualTo(1);
      }
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(2);
      }
      List<ConsumerRecord<byte[], byte[]>> letters = deployment.deadLetters();
      assertThat(letters).hasSize(2);
      assertThat(letters)
          .allSatisfy(
              again -> {
                assertThat(again.headers().toArray()).startsWith(record.headers().toArray());
                assertThat(again.headers().toArray()).hasSize(3 + 7);
              });
    }
  }

  @Nightly
  @Test
  void records_are_copied_from_near_and_far_and_over_partitions(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings.Kafka kafka = deployment.settings().kafka();
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        String place = i % 2 + "-" + i / 2;
        records.add(
            new ProducerRecord<>(kafka.topic(), i % 2, place.getBytes(UTF_8), new byte[300]));
      }
      deployment.send(records);
      List<DeadLetter> letters =
          IntStream.of(0, 1, 7, 8, 150, 900, 999)
              .boxed()
              .flatMap(offset -> IntStream.of(0, 1).mapToObj(p -> letter(p, offset)))
              .sorted((a, b) -> a.place().compareTo(b.place()))
              .toList();
      write(kafka, "query", 0, "plan", letters.toArray(DeadLetter[]::new));

      assertThat(deployment.deadLetters())
          .hasSize(letters.size())
          .allSatisfy(
              copy ->
                  assertThat(new String(copy.key(), UTF_8))
                      .isEqualTo(header(copy, "partition") + "-" + header(copy, "offset")));
    }
  }

  @Test
  void a_record_that_is_gone_ends_the_batch_or_leaves_a_dead_letter_without_bytes(
      Services services, @TempDir Path folder) throws Exception {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings.Kafka kafka = deployment.settings().kafka();
      deployment.send(IntStream.range(0, 3).mapToObj(i -> record(kafka, 0)).toList());
      try (Admin admin =
          Admin.create(Map.of("bootstrap.servers", (Object) services.bootstrapServers()))) {
        admin
            .deleteRecords(
                Map.of(new TopicPartition(kafka.topic(), 0), RecordsToDelete.beforeOffset(2)))
            .all()
            .get();
      }

      assertThatThrownBy(
              () -> write(kafka, "query", 0, "plan", letter(0, 0), letter(0, 1), letter(0, 2)))
          .isInstanceOf(LostRecordException.class)
          .hasMessageContaining("offset 0 of partition 0")
          .hasMessageContaining("kafka.fail_on_data_loss");
      assertThat(deployment.deadLetters()).isEmpty();

      write(
          deployment.settings("kafka.fail_on_data_loss=false").kafka(),
          "query",
          0,
          "plan",
          letter(0, 0),
          letter(0, 1),
          letter(0, 2));
      assertThat(deployment.deadLetters())
          .extracting(copy -> header(copy, "offset") + (copy.value() == null ? " gone" : ""))
          .containsExactlyInAnyOrder("0 gone", "1 gone", "2");
    }
  }

  @Nightly
  @Test
  void what_another_query_has_written_is_not_written_again_restarts_included(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings.Kafka kafka = deployment.settings().kafka();
      deployment.send(IntStream.range(0, 6).mapToObj(i -> record(kafka, 0)).toList());
      write(kafka, "before", 0, "a", letter(0, 0), letter(0, 1), letter(0, 2));
      write(kafka, "before", 1, "b", letter(0, 3));

      // A lost checkpoint: the same records in other batches, and a restart after each.
      write(kafka, "after", 0, "c", letter(0, 0), letter(0, 1));
      write(kafka, "after", 1, "d", letter(0, 2), letter(0, 3), letter(0, 4));
      write(kafka, "after", 1, "d", letter(0, 2), letter(0, 3), letter(0, 4));
      // An old checkpoint that was restored.
      write(kafka, "after", 0, "e", letter(0, 1));
      write(kafka, "after", 1, "f", letter(0, 3), letter(0, 5));

      assertThat(deployment.deadLetters())
          .extracting(copy -> header(copy, "offset"))
          .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
    }
  }

  private static void write(
      Settings.Kafka kafka, String query, long number, String plan, DeadLetter... letters) {
    try (DeadLetters topic = new DeadLetters(kafka, query)) {
      topic.write(number, plan, Arrays.asList(letters).iterator());
    }
  }

  private static DeadLetter letter(int partition, long offset) {
    return new DeadLetter(partition, offset, 0, "not_json", "not JSON");
  }

  private static ProducerRecord<byte[], byte[]> record(Settings.Kafka kafka, int partition) {
    return new ProducerRecord<>(kafka.topic(), partition, null, "no JSON".getBytes(UTF_8));
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
