package io.vectorstream.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.RecordReader;
import io.vectorstream.mapping.RecordReaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;

class TaskSettingsTest {
  private static final Settings SETTINGS =
      SettingsLoader.load(
          Optional.empty(),
          Map.of(
              "VECTORSTREAM_QDRANT_API_KEY", "Osprey-0815-api",
              "VECTORSTREAM_HTTP_TOKEN", "Sparrow-2468-token",
              "VECTORSTREAM_SPARK_SECRET", "Heron-1122-spark",
              "VECTORSTREAM_EMBEDDING_REMOTE_API_KEY", "Plover-7788-remote"),
          List.of(
              "kafka.properties.sasl.jaas.config=Login required password=\"Kestrel-4711\";",
              "kafka.properties.ssl.keystore.password=Merlin-1234",
              "spark.properties.spark.hadoop.fs.s3a.secret.key=Harrier-9999",
              "embedding.model=https://ada:Ruff-66-model@models.example.com/bert.zip",
              "qdrant.collections.events=clicks-of-today"));

  @Test
  void who_reads_what_travels_to_executors_finds_no_secret() {
    byte[] sent = SerializationUtils.serialize(TaskSettings.of(SETTINGS));

    assertThat(new String(sent, ISO_8859_1))
        .contains("clicks-of-today")
        .doesNotContain(
            "Osprey", "Sparrow", "Heron", "Kestrel", "Merlin", "Harrier", "Ruff", "Plover");
  }

  @Test
  void who_reads_what_reads_records_in_executors_finds_no_password() {
    Settings.Kafka kafka =
        SettingsLoader.load(
                Optional.empty(),
                Map.of("VECTORSTREAM_KAFKA_REGISTRY_PASSWORD", "Dunlin-77-registry"),
                List.of("kafka.format=auto", "kafka.registry.url=https://registry.example"))
            .kafka();
    RecordReader reader =
        RecordReaders.of(kafka, TaskSecrets.kept(kafka.registry().password())).orElseThrow();

    byte[] sent = SerializationUtils.serialize(reader);

    assertThat(new String(sent, ISO_8859_1))
        .contains("https://registry.example")
        .doesNotContain("Dunlin");
  }

  @Test
  void a_task_works_with_what_the_driver_was_given() {
    TaskSettings received = SerializationUtils.clone(TaskSettings.of(SETTINGS));

    assertThat(received.qdrant()).isEqualTo(SETTINGS.qdrant());
    assertThat(received.embedding()).isEqualTo(SETTINGS.embedding());
    assertThat(received).isEqualTo(TaskSettings.of(SETTINGS));
  }
}
