package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Futures;
import io.vectorstream.config.Settings;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.local.Main;
import io.vectorstream.monitoring.PipelineTotals;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code dead-letter list} and {@code dead-letter replay}, as a user types them. */
@ExtendWith(SharedServices.class)
class DeadLetterToolIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectNode MUG = Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8);
  private static final byte[] KEY = "ada".getBytes(UTF_8);
  private static final byte[] NOT_JSON = "\u001b[2Jçay, not JSON\n".getBytes(UTF_8);
  private static final byte[] NOT_TEXT = {'{', (byte) 0xff, 0, '}'};

  private record CommandResult(int status, String out, String err) {
    JsonNode json() {
      assertThat(status).as(err).isZero();
      try {
        return JSON.readTree(out);
      } catch (JsonProcessingException e) {
        throw new AssertionError("no JSON: " + out, e);
      }
    }
  }

  private static CommandResult run(Settings settings, String... arguments) {
    List<String> all = new ArrayList<>(List.of("dead-letter"));
    all.addAll(List.of(arguments));
    for (String setting :
        List.of(
            "kafka.bootstrap_servers=" + settings.kafka().bootstrapServers(),
            "kafka.topic=" + settings.kafka().topic(),
            "kafka.connect_timeout=5s",
            // It says who is forgotten.
            "qdrant.host=" + settings.qdrant().host(),
            "qdrant.port=" + settings.qdrant().port(),
            "qdrant.api_key=" + settings.qdrant().resolvedApiKey().value(),
            "qdrant.collections.users=" + settings.qdrant().collections().users(),
            "qdrant.collections.state=" + settings.qdrant().collections().state())) {
      all.addAll(List.of("--set", setting));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    return new CommandResult(status, out.toString(), err.toString());
  }

  /** A dead letter as the pipeline writes it, for a record that need not be bad. */
  private static ProducerRecord<byte[], byte[]> letter(
      Settings.Kafka kafka, byte[] value, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>();
    all.put("reason", "not_json");
    all.put("detail", "the value is not a JSON object");
    all.put("topic", kafka.topic());
    all.put("partition", "0");
    all.put("offset", "0");
    all.put("timestamp", Instant.now().toString());
    all.put("failed_at", Instant.now().toString());
    all.putAll(headers);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(kafka.deadLetterTopic(), 0, KEY, value);
    all.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    return record;
  }

  private static byte[] event() {
    return Shop.bytes(Shop.event("view", "ada", MUG));
  }

  private static List<String> values(JsonNode listing, String field) {
    List<String> values = new ArrayList<>();
    listing.get("letters").forEach(letter -> values.add(letter.get(field).asText()));
    return values;
  }

  private static long replayable(Settings settings, String... filter) {
    JsonNode listing = list(settings, filter);
    return listing.get("matching").asLong() - listing.get("replayed").asLong();
  }

  private static JsonNode list(Settings settings, String... filter) {
    List<String> all = new ArrayList<>(List.of("list", "--json"));
    all.addAll(List.of(filter));
    return run(settings, all.toArray(String[]::new)).json();
  }

  @Test
  void what_is_still_bad_comes_back_as_a_new_dead_letter_with_the_same_bytes(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings settings = deployment.settings();
      String topic = settings.kafka().topic();
      assertThat(run(settings, "list").out()).isEqualTo(none(settings));
      deployment.send(
          List.of(
              new ProducerRecord<>(topic, 1, KEY, NOT_JSON),
              new ProducerRecord<>(topic, 2, null, NOT_TEXT),
              new ProducerRecord<>(topic, 3, KEY, null)));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(3);
        JsonNode all = list(settings);
        assertThat(all.get("by_reason"))
            .isEqualTo(
                JSON.createObjectNode().put("empty", 1).put("invalid_utf8", 1).put("not_json", 1));
        JsonNode notText = list(settings, "--reason", "invalid_utf8").get("letters").get(0);
        assertThat(notText.get("value_encoding").asText()).isEqualTo("base64");
        assertThat(Base64.getDecoder().decode(notText.get("value").asText())).isEqualTo(NOT_TEXT);
        assertThat(notText.get("key").isNull()).isTrue();

        assertThat(run(settings, "replay", "--partition", "1").out()).endsWith("1 replayed.\n");
        pipeline.awaitRecords(4);
        assertThat(run(settings, "replay", "--reason", "invalid_utf8,empty").out())
            .endsWith("2 replayed.\n");
        assertThat(pipeline.awaitRecords(6)).isEqualTo(new PipelineTotals(6, 0, 0, 6));
      }

      List<ConsumerRecord<byte[], byte[]>> letters = deployment.deadLetters();
      assertThat(letters).hasSize(6);
      for (byte[] value : new byte[][] {NOT_JSON, NOT_TEXT, null}) {
        assertThat(letters.stream().filter(l -> Arrays.equals(l.value(), value)))
            .hasSize(2)
            .extracting(ConsumerRecord::key)
            .containsOnly(value == NOT_TEXT ? null : KEY);
      }
      // The new ones were not replayed, the old ones were.
      assertThat(replayable(settings)).isEqualTo(3);

      CommandResult table = run(settings, "list", "--reason", "not_json");
      assertThat(table.out())
          .contains("2 of the 6 dead letters", "\\u001b[2Jçay, not JSON\\n", " 1@0 ")
          .doesNotContain("\u001b");
    }
  }

  private static String none(Settings settings) {
    return "No dead letters in " + settings.kafka().deadLetterTopic() + ".\n";
  }

  @Test
  void a_record_whose_cause_was_mended_is_stored_once_however_often_it_is_replayed(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings settings = deployment.settings();
      deployment.send(List.of(letter(settings.kafka(), event(), Map.of())));
      try (RunningPipeline pipeline = deployment.start()) {
        assertThat(run(settings, "replay").out()).endsWith("1 replayed.\n");
        pipeline.awaitRecords(1);
        assertThat(run(settings, "replay").out())
            .startsWith("Nothing to replay: the 1 dead letters that match were replayed before");
        assertThat(run(settings, "replay", "--again").out()).endsWith("1 replayed.\n");
        assertThat(run(settings, "replay", "--again").out()).endsWith("1 replayed.\n");
        assertThat(pipeline.awaitRecords(3)).isEqualTo(new PipelineTotals(3, 1, 2, 0));
      }
      assertThat(deployment.stored().countEvents()).isEqualTo(1);
      assertThat(deployment.stored().products().get("mug").counts()).isEqualTo(Map.of("view", 1L));
    }
  }

  @Test
  void filters_choose_by_reason_time_and_the_place_of_the_record(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings settings = deployment.settings();
      Instant noon = Instant.parse("2026-01-31T12:00:00Z");
      List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        letters.add(
            letter(
                settings.kafka(),
                event(),
                Map.of(
                    "reason", i % 3 == 0 ? "missing_field" : "wrong_type",
                    "partition", String.valueOf(i % 2),
                    "offset", String.valueOf(i),
                    "failed_at", noon.plusSeconds(i).toString())));
      }
      deployment.send(letters);

      JsonNode all = list(settings);
      assertThat(all.get("total").asLong()).isEqualTo(30);
      assertThat(all.get("by_reason"))
          .isEqualTo(JSON.createObjectNode().put("missing_field", 10).put("wrong_type", 20));
      assertThat(values(all, "offset")).hasSize(20).startsWith("29", "28").endsWith("10");
      assertThat(values(all, "failed_at")).isSortedAccordingTo(Comparator.reverseOrder());
      assertThat(list(settings, "--limit", "3").get("matching").asLong()).isEqualTo(30);
      assertThat(values(list(settings, "--limit", "3"), "offset"))
          .containsExactly("29", "28", "27");

      assertThat(
              values(
                  list(
                      settings,
                      "--since",
                      "2026-01-31T12:00:05Z",
                      "--until",
                      "2026-01-31T12:00:08Z"),
                  "offset"))
          .containsExactly("7", "6", "5");
      assertThat(list(settings, "--since", "1h").get("matching").asLong()).isZero();
      assertThat(
              values(
                  list(settings, "--partition", "1", "--from-offset", "3", "--to-offset", "7"),
                  "offset"))
          .containsExactly("7", "5", "3");

      CommandResult dryRun =
          run(settings, "replay", "--reason", "missing_field", "--partition", "1", "--dry-run");
      assertThat(dryRun.out())
          .isEqualTo(
              "Would replay 5 dead letters to %s: 5 missing_field.%n"
                  .formatted(settings.kafka().topic()));
      assertThat(replayable(settings)).isEqualTo(30);

      assertThat(run(settings, "replay", "--until", "2026-01-31T12:00:04Z").out())
          .endsWith("4 replayed.\n");
      assertThat(run(settings, "replay", "--partition", "0", "--to-offset", "10").out())
          .endsWith("4 replayed.\n");
      assertThat(run(settings, "replay", "--reason", "missing_field").out())
          .endsWith("7 replayed.\n");
      assertThat(replayable(settings)).isEqualTo(15);
      assertThat(run(settings, "replay").out()).endsWith("15 replayed.\n");
      assertThat(run(settings, "replay").out()).startsWith("Nothing to replay");
      assertThat(list(settings).get("replayed").asLong()).isEqualTo(30);
      try (RunningPipeline pipeline = deployment.start("kafka.starting_offsets=earliest")) {
        assertThat(pipeline.awaitRecords(30)).isEqualTo(new PipelineTotals(30, 30, 0, 0));
      }
    }
  }

  @Test
  void an_interrupted_replay_has_not_happened(Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings settings = deployment.settings();
      deployment.send(
          List.of(
              letter(settings.kafka(), NOT_JSON, Map.of()),
              letter(settings.kafka(), event(), Map.of())));

      // As a process leaves it that is killed in the middle of a transaction.
      try (DeadLetterTopic letters = DeadLetterTopic.open(settings.kafka())) {
        DeadLetterReplay.open(settings.kafka(), letters, settings.kafka().topic()).close();
      }
      sendWithoutCommit(settings.kafka());
      assertThat(replayable(settings)).isEqualTo(2);

      assertThat(run(settings, "replay").out()).endsWith("2 replayed.\n");
      try (RunningPipeline pipeline = deployment.start("kafka.starting_offsets=earliest")) {
        assertThat(pipeline.awaitRecords(2)).isEqualTo(new PipelineTotals(2, 1, 0, 1));
      }
    }
  }

  private static void sendWithoutCommit(Settings.Kafka kafka) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "transactional.id",
            "vectorstream-replay-" + kafka.deadLetterTopic());
    ProducerRecord<byte[], byte[]> mark =
        new ProducerRecord<>(
            DeadLetterTopic.replayedTopic(kafka),
            "0:0".getBytes(UTF_8),
            Instant.now().toString().getBytes(UTF_8));
    mark.headers().add("topic_id", topicId(kafka).getBytes(UTF_8));
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(kafka.topic(), KEY, NOT_JSON));
    producer.send(mark);
    producer.flush();
    producer.close(Duration.ZERO);
  }

  private static String topicId(Settings.Kafka kafka) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      String name = kafka.deadLetterTopic();
      return Futures.getUnchecked(
              admin
                  .describeTopics(List.of(name))
                  .allTopicNames()
                  .toCompletionStage()
                  .toCompletableFuture())
          .get(name)
          .topicId()
          .toString();
    }
  }

  @Test
  void a_second_replay_takes_over_and_the_first_stops(Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings settings = deployment.settings();
      Settings.Kafka kafka = settings.kafka();
      deployment.send(List.of(letter(kafka, event(), Map.of()), letter(kafka, event(), Map.of())));
      try (DeadLetterTopic letters = DeadLetterTopic.open(kafka);
          DeadLetterReplay first = DeadLetterReplay.open(kafka, letters, kafka.topic())) {
        assertThat(run(settings, "replay").out()).endsWith("2 replayed.\n");

        // It does not know of the second, and tries to send both.
        assertThatThrownBy(() -> first.run(DeadLetterFilter.ALL, false, replayed -> {}))
            .isInstanceOf(KafkaException.class)
            .hasMessage(
                "another replay of %s was started and has taken over; this one has stopped, 0 had"
                        .formatted(kafka.deadLetterTopic())
                    + " been replayed by then");
      }
      try (RunningPipeline pipeline = deployment.start("kafka.starting_offsets=earliest")) {
        assertThat(pipeline.awaitRecords(2)).isEqualTo(new PipelineTotals(2, 2, 0, 0));
      }
    }
  }

  @Test
  void a_replay_that_is_told_to_stop_commits_what_it_has_and_the_next_does_the_rest(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings.Kafka kafka = deployment.settings().kafka();
      List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
      byte[] large = new byte[100_000];
      for (int i = 0; i < 400; i++) {
        letters.add(letter(kafka, large, Map.of("offset", String.valueOf(i))));
      }
      deployment.send(letters);
      long first;
      try (DeadLetterTopic topic = DeadLetterTopic.open(kafka);
          DeadLetterReplay replay = DeadLetterReplay.open(kafka, topic, kafka.topic())) {
        first = replay.run(DeadLetterFilter.ALL, false, replayed -> replay.stop());
      }
      // A transaction takes 16 MB.
      assertThat(first).isBetween(1L, 399L);
      assertThat(replayable(deployment.settings(), "--limit", "0")).isEqualTo(400 - first);
      assertThat(run(deployment.settings(), "replay").out())
          .endsWith("%d replayed.%n".formatted(400 - first));
      assertThat(replayable(deployment.settings(), "--limit", "0")).isZero();
    }
  }

  @Test
  void what_came_from_another_topic_needs_to_be_told_where_it_goes(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      Settings settings = deployment.settings();
      String topic = settings.kafka().topic();
      deployment.send(List.of(letter(settings.kafka(), event(), Map.of("topic", "clicks"))));

      CommandResult refused = run(settings, "replay");
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err())
          .isEqualTo(
              "1 of the dead letters come from the topic clicks, and kafka.topic is %s; say where they go with --to-topic%n"
                  .formatted(topic));
      CommandResult missing = run(settings, "replay", "--to-topic", "no-such-topic");
      assertThat(missing.status()).isEqualTo(2);
      assertThat(missing.err()).contains("has no topic no-such-topic to replay").hasLineCount(1);
      assertThat(run(settings, "replay", "--to-topic", settings.kafka().deadLetterTopic()).err())
          .contains("belongs to the dead letters themselves");
      assertThat(replayable(settings)).isEqualTo(1);

      assertThat(run(settings, "replay", "--to-topic", topic).out()).endsWith("1 replayed.\n");
    }
  }

  @Test
  void a_missing_topic_and_a_silent_kafka_are_said_in_one_line(
      Services services, @TempDir Path folder) {
    try (Deployment deployment = new Deployment(services, folder)) {
      for (String command : List.of("list", "replay")) {
        CommandResult missing = run(deployment.settings("kafka.topic=nothing-here"), command);
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err()).contains("has no topic nothing-here-dead-letter").hasLineCount(1);
        CommandResult silent =
            run(deployment.settings("kafka.bootstrap_servers=127.0.0.1:1"), command);
        assertThat(silent.status()).isEqualTo(1);
        assertThat(silent.err())
            .startsWith("Kafka at 127.0.0.1:1 does not answer: no answer within 5000 ms")
            .hasLineCount(1);
      }
    }
  }
}
