package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.util.concurrent.Futures;
import io.vectorstream.config.Settings;
import io.vectorstream.event.DeadLetterFilter;
import io.vectorstream.event.DeadLetterIndex;
import io.vectorstream.event.DeadLetterReplay;
import io.vectorstream.event.DeadLetterSurvey;
import io.vectorstream.event.DeadLetterTopic;
import io.vectorstream.event.Reason;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.monitoring.Meters;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The number of records that are read from the dead-letter topic for callers of the API. */
@ExtendWith(SharedServices.class)
class DeadLetterReadsIT {
  private static final AtomicLong RECORDS_READ = new AtomicLong();
  private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");
  private static final List<String> REASONS = List.of("not_json", "missing_field", "wrong_type");

  private Deployment deployment;
  private Settings settings;
  private Settings.Kafka kafka;
  private int sent;

  /** A counter of the records that Kafka's own client returns. */
  public static final class Counting implements ConsumerInterceptor<byte[], byte[]> {
    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
      RECORDS_READ.addAndGet(records.count());
      return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> config) {}
  }

  @BeforeEach
  void start(Services services, @TempDir Path folder) {
    deployment = new Deployment(services, folder);
    settings =
        deployment.settings(
            "http.port=0", "kafka.properties.interceptor.classes=" + Counting.class.getName());
    kafka = settings.kafka();
    RECORDS_READ.set(0);
  }

  @AfterEach
  void stop() {
    deployment.close();
  }

  /** Sends dead letters as the pipeline writes them; their times are a second apart. */
  private void send(int count) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            // One request at a time: of several to a partition that has just been made, the broker
            // may refuse the first and take the second, and then never takes the first again.
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
      for (int end = sent + count; sent < end; sent++) {
        ProducerRecord<byte[], byte[]> letter =
            new ProducerRecord<>(
                kafka.deadLetterTopic(), ("key" + sent).getBytes(UTF_8), "{".getBytes(UTF_8));
        Map.of(
                "reason", REASONS.get(sent % 3),
                "detail", "not as expected",
                "topic", kafka.topic(),
                "partition", "" + sent % 4,
                "offset", "" + sent / 4,
                "timestamp", START.toString(),
                "failed_at", START.plusSeconds(sent).toString())
            .forEach((name, value) -> letter.headers().add(name, value.getBytes(UTF_8)));
        acknowledged.add(producer.send(letter));
      }
      producer.flush();
      acknowledged.forEach(Futures::getUnchecked);
    }
  }

  @Test
  void sixty_four_ask_at_once_for_all_dead_letters_and_the_topic_is_read_once() throws Exception {
    send(3000);
    try (Meters meters = new Meters();
        HttpServer server =
            HttpServer.start(
                settings,
                new ApiSources(settings, Optional.empty(), meters::text),
                meters.registry())) {
      HttpClient client = HttpClient.newHttpClient();
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int number = 0; number < 64; number++) {
        // Different queries, too.
        String query =
            List.of("", "?reason=not_json", "?since=2020-01-01T00:00:00Z").get(number % 3);
        answers.add(
            client.sendAsync(
                HttpRequest.newBuilder(URI.create(url(server) + "/dead-letters" + query)).build(),
                BodyHandlers.ofString()));
      }
      for (int number = 0; number < 64; number++) {
        HttpResponse<String> answer = answers.get(number).join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode list = new ObjectMapper().readTree(answer.body());
        assertThat(list.path("total").asInt()).isEqualTo(3000);
        assertThat(list.path("complete").asBoolean()).isTrue();
        assertThat(list.path("matching").asInt()).isEqualTo(number % 3 == 1 ? 1000 : 3000);
        assertThat(list.path("records")).hasSize(20);
      }
      // Once, and for the few answers that are different the ranges where their letters lie.
      assertThat(RECORDS_READ.get()).isBetween(3000L, 2 * 3000L);

      RECORDS_READ.set(0);
      send(10);
      HttpResponse<String> more =
          client.send(
              HttpRequest.newBuilder(URI.create(url(server) + "/dead-letters?limit=0")).build(),
              BodyHandlers.ofString());
      assertThat(new ObjectMapper().readTree(more.body()).path("total").asInt()).isEqualTo(3010);
      assertThat(RECORDS_READ.get()).isEqualTo(10);
    }
  }

  private static String url(HttpServer server) {
    return "http://localhost:" + server.port();
  }

  @Test
  void what_is_known_agrees_with_a_reading_of_the_whole_topic_whatever_happens_to_it()
      throws Exception {
    send(500);
    DeadLetterIndex<DeadLetterSurvey> index =
        new DeadLetterIndex<>(kafka, 10_000, DeadLetterIndex.Look::survey);
    assertAgrees(index);

    Settings.Kafka plain = deployment.settings().kafka();
    try (DeadLetterTopic topic = DeadLetterTopic.open(plain);
        DeadLetterReplay replay = DeadLetterReplay.open(plain, topic, plain.topic())) {
      replay.run(of(Set.of(Reason.NOT_JSON), Optional.empty()), false, soFar -> {});
    }
    send(200);
    assertAgrees(index);
    assertThat(index.ask(DeadLetterFilter.ALL, 0).matching().replayed()).isEqualTo(167);

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      TopicPartition first = new TopicPartition(kafka.deadLetterTopic(), 0);
      admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(50))).all().get();
    }
    assertAgrees(index);
    assertThat(index.ask(DeadLetterFilter.ALL, 0).all()).isEqualTo(650);
  }

  @Test
  void of_more_than_are_kept_the_newest_of_each_partition_are_known_and_the_answer_says_so() {
    send(400);
    DeadLetterIndex<Boolean> complete =
        new DeadLetterIndex<>(kafka, 1000, DeadLetterIndex.Look::isComplete);
    DeadLetterIndex<Boolean> bounded =
        new DeadLetterIndex<>(kafka, 100, DeadLetterIndex.Look::isComplete);
    DeadLetterIndex<DeadLetterSurvey> counted =
        new DeadLetterIndex<>(kafka, 100, DeadLetterIndex.Look::survey);

    RECORDS_READ.set(0);
    assertThat(bounded.ask(DeadLetterFilter.ALL, 0)).isFalse();
    assertThat(RECORDS_READ.get()).isLessThanOrEqualTo(100);
    assertThat(complete.ask(DeadLetterFilter.ALL, 0)).isTrue();
    for (int round = 0; round < 3; round++) {
      DeadLetterSurvey survey = counted.ask(DeadLetterFilter.ALL, 10);
      assertThat(survey.all()).isLessThanOrEqualTo(100);
      assertThat(survey.newest().get(0).failedAt()).isEqualTo(START.plusSeconds(sent - 1));
      send(150);
    }
    assertThat(complete.ask(DeadLetterFilter.ALL, 0)).isTrue();
  }

  private void assertAgrees(DeadLetterIndex<DeadLetterSurvey> index) {
    for (DeadLetterFilter filter :
        List.of(
            DeadLetterFilter.ALL,
            of(Set.of(Reason.NOT_JSON, Reason.WRONG_TYPE), Optional.empty()),
            of(Set.of(), Optional.of(START.plusSeconds(300))),
            new DeadLetterFilter(
                Set.of(),
                Optional.empty(),
                Optional.of(START.plusSeconds(600)),
                OptionalInt.of(2),
                OptionalLong.of(10),
                OptionalLong.of(90)))) {
      try (DeadLetterTopic topic = DeadLetterTopic.open(kafka)) {
        assertThat(index.ask(filter, 30)).isEqualTo(DeadLetterSurvey.of(topic, filter, 30));
      }
    }
  }

  private static DeadLetterFilter of(Set<Reason> reasons, Optional<Instant> since) {
    return new DeadLetterFilter(
        reasons,
        since,
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }
}
