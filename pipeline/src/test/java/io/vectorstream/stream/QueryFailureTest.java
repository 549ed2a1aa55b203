package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.format.RegistryException;
import io.vectorstream.mapping.RecordReaders;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import io.vectorstream.stream.QueryFailure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.spark.SparkConcurrentModificationException;
import org.apache.spark.SparkException;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

class QueryFailureTest {

  private static final Settings SETTINGS =
      SettingsLoader.load(
          Optional.empty(),
          Map.of(),
          List.of(
              "kafka.bootstrap_servers=broker:9092",
              "kafka.topic=clicks",
              "stream.checkpoint=/data/progress",
              "qdrant.port=1",
              "qdrant.connect_timeout=1ms"));

  @Test
  void a_store_that_does_not_answer_is_a_passing_failure() {
    StoreException unanswered = unanswered();
    assertThat(unanswered.isPassing()).isTrue();

    QueryFailure failure = QueryFailure.of(inABatch(unanswered), SETTINGS);

    assertThat(failure.kind()).isEqualTo(Kind.PASSING);
    assertThat(failure.message()).isEqualTo(unanswered.getMessage());
  }

  @Test
  void a_store_that_refuses_is_a_lasting_failure() {
    QueryFailure failure =
        QueryFailure.of(
            inATask(new StoreException("Qdrant at h:1 refused: no such thing")), SETTINGS);

    assertThat(failure)
        .isEqualTo(new QueryFailure(Kind.LASTING, "Qdrant at h:1 refused: no such thing"));
  }

  @Test
  void what_the_pipeline_itself_says_is_a_lasting_failure() {
    QueryFailure failure =
        QueryFailure.of(
            inATask(new PipelineException("the checkpoint is older than what is stored")),
            SETTINGS);

    assertThat(failure)
        .isEqualTo(new QueryFailure(Kind.LASTING, "the checkpoint is older than what is stored"));
  }

  static List<Throwable> brokersThatDoNotAnswer() {
    return List.of(
        new org.apache.kafka.common.errors.TimeoutException("Timed out waiting for a node"),
        new DisconnectException("Cancelled fetch request"),
        new KafkaException(
            "Kafka at broker:9092 does not answer",
            new TimeoutException("Timed out waiting for a node")),
        new ExecutionException(
            new org.apache.kafka.common.errors.TimeoutException("Timed out waiting for a node")));
  }

  @ParameterizedTest
  @MethodSource("brokersThatDoNotAnswer")
  void brokers_that_do_not_answer_are_a_passing_failure(Throwable trouble) {
    for (Throwable wrapped : List.of(trouble, inTheQuery(trouble), inATask(trouble))) {
      QueryFailure failure = QueryFailure.of(wrapped, SETTINGS);

      assertThat(failure.kind()).isEqualTo(Kind.PASSING);
      assertThat(failure.message())
          .startsWith("Kafka at broker:9092 does not answer: ")
          .doesNotContain("\n");
    }
  }

  static List<Throwable> endedTransactions() {
    return List.of(
        new ProducerFencedException("there is a newer producer"),
        new InvalidProducerEpochException("an old epoch"),
        new InvalidTxnStateException("not in a transaction"));
  }

  @ParameterizedTest
  @MethodSource("endedTransactions")
  void a_transaction_that_kafka_has_ended_is_a_passing_failure(Throwable ended) {
    QueryFailure failure =
        QueryFailure.of(inTheQuery(new KafkaException("in error state", ended)), SETTINGS);

    assertThat(failure.kind()).isEqualTo(Kind.PASSING);
    assertThat(failure.message()).startsWith("Kafka at broker:9092 ended a transaction of dead");
  }

  static List<Throwable> brokersThatRefuse() {
    return List.of(
        new SaslAuthenticationException("Authentication failed: Invalid username or password"),
        new SslAuthenticationException("SSL handshake failed"),
        new TopicAuthorizationException("Not authorized to access topics: [clicks]"));
  }

  @ParameterizedTest
  @MethodSource("brokersThatRefuse")
  void brokers_that_refuse_are_a_lasting_failure(Throwable refusal) {
    QueryFailure failure = QueryFailure.of(inTheQuery(new ExecutionException(refusal)), SETTINGS);

    assertThat(failure)
        .isEqualTo(
            new QueryFailure(
                Kind.LASTING, "Kafka at broker:9092 refused: " + refusal.getMessage()));
  }

  static List<Throwable> lostRecords() {
    return List.of(
        new OffsetOutOfRangeException(
            "Fetch position 5 is out of range for partition clicks-0",
            Map.of(new TopicPartition("clicks", 0), 5L)),
        new IllegalStateException(
            "Partition clicks-0's offset was changed from 5 to 0. Some data may have been lost"
                + " because they are not available in Kafka any more"));
  }

  @ParameterizedTest
  @MethodSource("lostRecords")
  void records_that_are_gone_are_a_lasting_failure_with_the_way_out(Throwable loss) {
    for (Throwable wrapped : List.of(loss, inTheQuery(loss), inATask(loss))) {
      QueryFailure failure = QueryFailure.of(wrapped, SETTINGS);

      assertThat(failure.kind()).isEqualTo(Kind.LASTING);
      assertThat(failure.message())
          .startsWith("records of topic clicks are gone that were not read yet")
          .contains("clicks-0")
          .endsWith("to go on with what is left, set kafka.fail_on_data_loss to false")
          .doesNotContain("\n")
          .doesNotContain("STREAM_FAILED")
          .doesNotContain("Job aborted");
    }
  }

  @Test
  void a_number_that_is_too_large_is_no_loss_of_records() {
    Throwable overflow =
        new IllegalStateException(
            "Cannot fetch record for offset 5. Some data may have been lost",
            new ArithmeticException("long overflow"));
    for (Throwable failure : List.of(overflow, inTheQuery(overflow), inATask(overflow))) {
      assertThat(QueryFailure.of(failure, SETTINGS))
          .isEqualTo(new QueryFailure(Kind.UNKNOWN, "long overflow"));
    }
  }

  @Test
  void what_spark_only_quotes_is_known_by_its_words() {
    QueryFailure failure =
        QueryFailure.of(
            inTheQuery(
                new SparkException(
                    "Job aborted due to stage failure: Lost task 0.0 in stage 1.0:"
                        + " KafkaIllegalStateException: Some data may have been lost\n\tat a.B.c")),
            SETTINGS);

    assertThat(failure.kind()).isEqualTo(Kind.LASTING);
    assertThat(failure.message()).startsWith("records of topic clicks are gone");
    assertThat(failure.message()).doesNotContain("\n");
  }

  @Test
  void a_full_disk_is_a_lasting_failure_with_the_way_out() {
    IOException full = new IOException("No space left on device");
    for (Throwable wrapped :
        List.of(inTheQuery(full), inATask(full), inTheQuery(new UncheckedIOException(full)))) {
      QueryFailure failure = QueryFailure.of(wrapped, SETTINGS);

      assertThat(failure.kind()).isEqualTo(Kind.LASTING);
      assertThat(failure.message())
          .contains("no space left on a disk")
          .contains("/data/progress")
          .contains("make room and start again");
    }
  }

  @Test
  void another_broken_file_is_no_full_disk() {
    assertThat(QueryFailure.of(inTheQuery(new IOException("Input/output error")), SETTINGS))
        .isEqualTo(new QueryFailure(Kind.UNKNOWN, "Input/output error"));
  }

  @Test
  void a_dead_letter_that_is_too_large_is_a_lasting_failure_with_the_way_out() {
    QueryFailure failure =
        QueryFailure.of(
            inABatch(new ExecutionException(new RecordTooLargeException("1100000 bytes"))),
            SETTINGS);

    assertThat(failure.kind()).isEqualTo(Kind.LASTING);
    assertThat(failure.message())
        .startsWith("a dead letter is larger than topic clicks-dead-letter takes: 1100000 bytes")
        .contains("max.message.bytes");
  }

  static List<Throwable> checkpointsInUse() {
    return List.of(
        new SparkConcurrentModificationException(
            "CONCURRENT_STREAM_LOG_UPDATE", scala(Map.of("batchId", "7")), null, Option.empty()),
        new ConcurrentModificationException(
            "Multiple streaming queries are concurrently using /data/progress/offsets"),
        new IllegalStateException(
            "Multiple streaming queries are concurrently using /data/progress/offsets"));
  }

  @ParameterizedTest
  @MethodSource("checkpointsInUse")
  void a_checkpoint_that_another_process_wrote_into_is_a_passing_failure(Throwable conflict) {
    QueryFailure failure = QueryFailure.of(inTheQuery(conflict), SETTINGS);

    assertThat(failure)
        .isEqualTo(
            new QueryFailure(
                Kind.PASSING,
                "another process wrote into the checkpoint /data/progress, too; of the two, the one that started last goes on"));
  }

  @Test
  void a_collection_changed_by_two_threads_is_not_blamed_on_another_process() {
    ConcurrentModificationException bug = new ConcurrentModificationException();

    assertThat(QueryFailure.of(inATask(bug), SETTINGS))
        .isEqualTo(new QueryFailure(Kind.UNKNOWN, "java.util.ConcurrentModificationException"));
  }

  @Test
  void anything_else_is_unknown_and_told_by_its_innermost_cause() {
    assertThat(QueryFailure.of(inATask(new NullPointerException()), SETTINGS))
        .isEqualTo(new QueryFailure(Kind.UNKNOWN, "java.lang.NullPointerException"));
    assertThat(
            QueryFailure.of(
                inABatch(new IllegalStateException("first line\n\tat second")), SETTINGS))
        .isEqualTo(new QueryFailure(Kind.UNKNOWN, "first line"));
    assertThat(QueryFailure.of(new IllegalStateException("alone"), SETTINGS))
        .isEqualTo(new QueryFailure(Kind.UNKNOWN, "alone"));
    assertThat(QueryFailure.of(new IllegalStateException(""), SETTINGS).message())
        .isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void the_outermost_cause_that_is_known_counts() {
    PipelineException outer =
        new PipelineException(
            "the topic is gone", new org.apache.kafka.common.errors.TimeoutException("no answer"));

    assertThat(QueryFailure.of(inATask(outer), SETTINGS))
        .isEqualTo(new QueryFailure(Kind.LASTING, "the topic is gone"));
  }

  @Test
  void a_message_of_several_lines_is_told_in_one_with_all_its_words() {
    List<Throwable> talkative =
        List.of(
            new StoreException("Qdrant refused: a\n  b;\r\nmake room"),
            new PipelineException("a\n  b;\r\nmake room"),
            new SaslAuthenticationException("a\n  b;\r\nmake room"),
            new RecordTooLargeException("a\n  b;\r\nmake room"));
    for (Throwable cause : talkative) {
      assertThat(QueryFailure.of(inATask(cause), SETTINGS).message()).contains("a b; make room");
    }
  }

  @Test
  void a_schema_registry_that_does_not_answer_is_a_passing_failure() {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of("kafka.format=auto", "kafka.registry.url=http://127.0.0.1:1"));
    RegistryException unanswered =
        catchThrowableOfType(RegistryException.class, () -> RecordReaders.check(settings.kafka()));

    QueryFailure failure = QueryFailure.of(inABatch(unanswered), SETTINGS);

    assertThat(failure.kind()).isEqualTo(Kind.PASSING);
    assertThat(failure.message())
        .startsWith("the schema registry at http://127.0.0.1:1 does not answer: ");
  }

  @Test
  void an_embedding_server_that_does_not_answer_is_a_passing_failure() {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            Map.of(),
            List.of(
                "embedding.model=remote",
                "embedding.remote.model=a-model",
                "embedding.remote.url=http://127.0.0.1:1/embed",
                "embedding.remote.retry_for=1ms"));
    EmbeddingException unanswered =
        catchThrowableOfType(
            EmbeddingException.class, () -> EmbeddingService.open(settings.embedding()));
    // As the service tells one who cannot wait.
    Throwable inAnother = new IllegalStateException(unanswered.getMessage(), unanswered);

    for (Throwable wrapped :
        List.of(inABatch(unanswered), inATask(unanswered), inATask(inAnother))) {
      QueryFailure failure = QueryFailure.of(wrapped, SETTINGS);

      assertThat(failure.kind()).isEqualTo(Kind.PASSING);
      assertThat(failure.message())
          .startsWith("the embedding server http://127.0.0.1:1/embed does not answer: ");
    }
  }

  private static StoreException unanswered() {
    try (VectorStore store = VectorStore.connect(SETTINGS.qdrant())) {
      store.countEvents();
      throw new AssertionError("port 1 answers");
    } catch (StoreException e) {
      return e;
    }
  }

  /** As a failure of the query's own thread comes out. */
  private static Throwable inTheQuery(Throwable cause) {
    return new StreamingQueryException(
        "a plan\nof several lines",
        cause,
        "STREAM_FAILED",
        scala(
            Map.of(
                "id", "11111111-1111-1111-1111-111111111111",
                "runId", "22222222-2222-2222-2222-222222222222",
                "message", String.valueOf(cause.getMessage()))));
  }

  private static scala.collection.immutable.Map<String, String> scala(Map<String, String> map) {
    return Map$.MODULE$.from(CollectionConverters.asScala(map));
  }

  /** As a failure on the driver, in what a batch does, comes out. */
  private static Throwable inABatch(Throwable cause) {
    return inTheQuery(
        new SparkException(
            "[FOREACH_BATCH_USER_FUNCTION_ERROR] An error occurred in the user provided function"
                + " in foreach batch sink. Reason: "
                + cause.getMessage(),
            cause));
  }

  /** As a failure of one of the batch's tasks comes out. */
  private static Throwable inATask(Throwable cause) {
    return inABatch(
        new SparkException(
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most recent"
                + " failure: Lost task 0.0 in stage 3.0 (TID 7): "
                + cause
                + "\n\tat a.B.c(B.java:1)\n\nDriver stacktrace:",
            cause));
  }
}
