package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.DeadLetters;
import io.vectorstream.it.RunningPipeline;
import io.vectorstream.it.Shop;
import io.vectorstream.local.Main;
import io.vectorstream.local.kafka.EmbeddedKafka;
import io.vectorstream.local.store.EmbeddedVectorStore;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.store.VectorStore;
import io.vectorstream.stream.Pipeline;
import io.vectorstream.stream.PipelineException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka and the store over TLS, with right and wrong certificates, passwords and keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureConnectionsIT {
  private static final String PASSWORD = "Kestrel-4711-pass";
  private static final String KEY_PASSWORD = "Merlin-1234-keys";
  private static final String API_KEY = "Osprey-0815-key";
  private static final String WRONG = "Magpie-0000-wrong";
  private static final String SCRAM = "SCRAM-SHA-512";
  private static final String SILENCE =
      "security.protocol: no answer comes where only one side speaks TLS or SASL";

  private Path folder;
  private SecureServices services;

  @BeforeAll
  void start(@TempDir Path shared) throws Exception {
    folder = shared;
    services = new SecureServices(folder, PASSWORD, KEY_PASSWORD, API_KEY);
  }

  @AfterAll
  void stop() {
    if (services != null) {
      services.close();
    }
  }

  // Connections that work.

  @Test
  void events_come_through_a_kafka_that_knows_its_clients_by_certificate() throws Exception {
    events_come_through(services.byCertificate(), services.clientCertificate());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", SCRAM})
  void events_come_through_a_kafka_that_asks_for_a_password(String mechanism) throws Exception {
    events_come_through(services.byPassword(), services.login(mechanism));
  }

  /** Checks that an event is stored and found, and that a broken record is a dead letter. */
  private void events_come_through(EmbeddedKafka kafka, Map<String, String> properties)
      throws Exception {
    Path file = SecureServices.file(folder.resolve(UUID.randomUUID() + ".properties"), properties);
    List<String> given = settings(kafka, "kafka.properties_file=" + file);
    Settings settings = load(given);
    kafka.createTopic(settings.kafka().topic(), 2);
    send(
        settings,
        Shop.bytes(
            Shop.event(
                "view", "ada", Shop.product("boot", "Hiking boots", "Waterproof", "Shoes", 90))),
        "not an event".getBytes(UTF_8));

    try (RunningPipeline pipeline = new RunningPipeline(settings)) {
      assertThat(pipeline.awaitRecords(2)).isEqualTo(new PipelineTotals(2, 1, 0, 1));
    }
    assertThat(DeadLetters.count(settings.kafka())).isEqualTo(1);
    try (VectorStore store = VectorStore.connect(settings.qdrant())) {
      assertThat(store.countEvents()).isEqualTo(1);
    }
    assertThat(command(given, "search", "boots for wet days")).contains("Hiking boots");
  }

  private void send(Settings settings, byte[]... values) throws Exception {
    Map<String, Object> config = new HashMap<>(settings.kafka().properties());
    config.put("bootstrap.servers", settings.kafka().bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>(settings.kafka().topic(), value)).get();
      }
    }
  }

  @Test
  void generated_events_reach_a_kafka_that_asks_for_a_password() throws Exception {
    Path file =
        SecureServices.file(folder.resolve("g.properties"), services.login("SCRAM-SHA-256"));
    String topic = "generated-" + UUID.randomUUID();

    assertThat(generate(services.byPassword(), file, topic, Duration.ofSeconds(15)))
        .contains("\"sent\":10,");
  }

  // Connections that are refused, and the messages.

  @Test
  void a_client_without_tls_is_told_of_it() throws Exception {
    refused(services.byCertificate(), Map.of(), SILENCE);
  }

  @Test
  void a_client_with_tls_at_a_port_without_is_told_of_it() throws Exception {
    try (EmbeddedKafka plain = EmbeddedKafka.start(folder.resolve("plain"), 0)) {
      refused(plain, services.clientCertificate(), SILENCE);
    }
  }

  @Test
  void a_kafka_whose_certificate_is_not_trusted_is_refused() throws Exception {
    Map<String, String> others = services.login(SCRAM);
    others.remove("ssl.truststore.location");
    others.remove("ssl.truststore.type");
    refused(services.byPassword(), others, "is not trusted; check ssl.truststore.location");
  }

  @Test
  void a_kafka_with_a_certificate_for_another_host_is_refused() throws Exception {
    services.certificates().sign("elsewhere", "dns:shop.example");
    Map<String, String> broker = services.server("SSL", "elsewhere");
    // The broker's own certificate is not checked.
    broker.put("ssl.endpoint.identification.algorithm", "");
    try (EmbeddedKafka elsewhere = EmbeddedKafka.start(folder.resolve("elsewhere"), 0, broker)) {
      refused(
          elsewhere,
          services.clientCertificate(),
          "certificate is for another host; check kafka.bootstrap_servers");
    }
  }

  @Test
  void a_client_without_a_certificate_is_told_to_check_its_key_store() throws Exception {
    Map<String, String> without = services.clientCertificate();
    without.keySet().removeIf(name -> name.startsWith("ssl.key"));
    refused(services.byCertificate(), without, "TLS failed", "ssl.keystore.location");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", SCRAM})
  void a_wrong_password_is_told_without_repeating_it(String mechanism) throws Exception {
    Map<String, String> wrong = services.login(mechanism);
    wrong.put("sasl.jaas.config", SecureServices.jaas(mechanism, WRONG));
    refused(services.byPassword(), wrong, "Authentication failed", "check", "sasl.jaas.config");
  }

  @Test
  void a_client_without_sasl_is_told_of_it() throws Exception {
    Map<String, String> without = services.login(SCRAM);
    without.put("security.protocol", "SSL");
    refused(services.byPassword(), without, SILENCE);
  }

  @Test
  void a_login_that_is_not_written_as_kafka_wants_it_is_not_repeated() throws Exception {
    Map<String, String> wrong = services.login("PLAIN");
    wrong.put("sasl.jaas.config", "user " + WRONG);
    refused(services.byPassword(), wrong, "sasl.jaas.config is not as expected");
  }

  @Test
  void a_wrong_password_of_the_key_store_is_told_without_repeating_it() throws Exception {
    Map<String, String> wrong = services.clientCertificate();
    wrong.put("ssl.keystore.password", WRONG);
    refused(
        services.byCertificate(),
        wrong,
        "cannot be used: Failed to load SSL keystore",
        "password was incorrect");
  }

  private void refused(EmbeddedKafka kafka, Map<String, String> properties, String... expected)
      throws Exception {
    // A client that gets no answer waits until its timeout.
    Duration timeout = Duration.ofSeconds(List.of(expected).contains(SILENCE) ? 1 : 15);
    Path file = SecureServices.file(folder.resolve(UUID.randomUUID() + ".properties"), properties);
    List<String> given =
        settings(
            kafka,
            "kafka.properties_file=" + file,
            "kafka.connect_timeout=" + timeout.toSeconds() + "s");
    assertThatThrownBy(() -> Pipeline.start(load(given), batch -> {}))
        .isInstanceOf(PipelineException.class)
        .message()
        .contains("Kafka at " + kafka.bootstrapServers())
        .contains(expected)
        .doesNotContain("\n", PASSWORD, KEY_PASSWORD, WRONG);
    assertThat(generate(kafka, file, "refused", timeout))
        .contains("Kafka at " + kafka.bootstrapServers())
        .doesNotContain(PASSWORD, KEY_PASSWORD, WRONG, "\tat ")
        .hasLineCount(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "search boots", "recommend --user ada"})
  void a_store_with_tls_is_told_to_a_client_without(String command) throws Exception {
    storeRefused(command, "set qdrant.tls: true", "qdrant.tls=false", "qdrant.ca_certificate=");
  }

  @Test
  void a_store_without_tls_is_told_to_a_client_with() throws Exception {
    try (EmbeddedVectorStore plain =
        EmbeddedVectorStore.start(
            new EmbeddedVectorStore.Options(folder.resolve("plain-store"), 0))) {
      storeRefused(
          "search boots", "does not speak TLS on this port", "qdrant.port=" + plain.port());
    }
  }

  @Test
  void a_store_whose_certificate_is_not_trusted_is_refused() throws Exception {
    storeRefused(
        "search boots",
        "has a certificate that is not trusted; check qdrant.ca_certificate: it is empty",
        "qdrant.ca_certificate=");
    Path other = Files.createDirectories(folder.resolve("other"));
    storeRefused(
        "search boots",
        "has a certificate that is not trusted; check qdrant.ca_certificate: another authority",
        "qdrant.ca_certificate=" + new Certificates(other, PASSWORD).authority());
  }

  @Test
  void a_store_with_a_certificate_for_another_host_is_refused() throws Exception {
    services.certificates().sign("another", "dns:store.example");
    try (EmbeddedVectorStore another =
        EmbeddedVectorStore.start(
            new EmbeddedVectorStore.Options(
                folder.resolve("another-store"),
                0,
                Optional.empty(),
                Optional.of(
                    new EmbeddedVectorStore.Tls(
                        services.certificates().certificate("another"),
                        services.certificates().key("another")))))) {
      storeRefused(
          "search boots",
          "has a certificate for another host name; check qdrant.host",
          "qdrant.port=" + another.port());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "search boots", "recommend --user ada"})
  void a_wrong_api_key_is_told_without_repeating_it(String command) throws Exception {
    storeRefused(command, "give another key than it has", "qdrant.api_key=" + WRONG);
  }

  @Test
  void a_missing_api_key_is_told() throws Exception {
    storeRefused("search boots", "which are both empty", "qdrant.api_key=");
  }

  private void storeRefused(String command, String expected, String... overrides) throws Exception {
    Path file = SecureServices.file(folder.resolve("k.properties"), services.login("PLAIN"));
    List<String> given = settings(services.byPassword(), "kafka.properties_file=" + file);
    given.addAll(List.of(overrides));
    assertThat(command(given, command.split(" ")))
        .startsWith("Qdrant at localhost:")
        .contains(expected)
        .doesNotContain(API_KEY, WRONG, "\tat ")
        .hasLineCount(1);
  }

  private List<String> settings(EmbeddedKafka kafka, String... overrides) throws Exception {
    String name = "it-" + UUID.randomUUID();
    List<String> given = services.storeSettings();
    given.addAll(
        List.of(
            "kafka.bootstrap_servers=" + kafka.bootstrapServers(),
            "kafka.topic=" + name,
            "qdrant.collections.products=" + name + "-products",
            "qdrant.collections.events=" + name + "-events",
            "qdrant.collections.users=" + name + "-users",
            "stream.trigger=1s",
            "stream.checkpoint=" + folder.resolve(name),
            "spark.master=local[2]"));
    given.addAll(List.of(overrides));
    return given;
  }

  private static Settings load(List<String> given) {
    return SettingsLoader.load(Optional.empty(), Map.of(), given);
  }

  /** Returns the output of a command, on standard output and standard error together. */
  private static String command(List<String> settings, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return say(arguments);
  }

  private static String generate(
      EmbeddedKafka kafka, Path properties, String topic, Duration timeout) {
    return say(
        List.of(
            "generate",
            "--bootstrap-servers",
            kafka.bootstrapServers(),
            "--kafka-properties",
            properties.toString(),
            "--topic",
            topic,
            "--timeout",
            timeout.toSeconds() + "s",
            "--rate",
            "max",
            "--count",
            "10",
            "--products",
            "10",
            "--json"));
  }

  private static String say(List<String> arguments) {
    StringWriter said = new StringWriter();
    Main.commandLine()
        .setOut(new PrintWriter(said, true))
        .setErr(new PrintWriter(said, true))
        .execute(arguments.toArray(String[]::new));
    return said.toString();
  }
}
