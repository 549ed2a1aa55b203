package io.vectorstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
  @TempDir Path folder;

  // Precedence.

  @Test
  void the_file_is_weaker_than_the_environment_and_that_is_weaker_than_the_command_line()
      throws IOException {
    Path file = file("kafka:\n  topic: from-file\n  partitions: 7\nstream:\n  trigger: 1s\n");
    Map<String, String> environment =
        Map.of("VECTORSTREAM_KAFKA_TOPIC", "from-env", "VECTORSTREAM_STREAM_TRIGGER", "2s");

    Settings settings =
        SettingsLoader.load(Optional.of(file), environment, List.of("kafka.topic=from-set"));

    assertThat(settings.kafka().topic()).isEqualTo("from-set");
    assertThat(settings.stream().trigger()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.kafka().partitions()).isEqualTo(7);
    assertThat(settings.qdrant().port()).isEqualTo(6334);
  }

  @Test
  void the_last_of_two_overrides_wins() {
    assertThat(set("kafka.topic=a", "kafka.topic=b").kafka().topic()).isEqualTo("b");
  }

  @Test
  void what_is_left_empty_in_the_file_keeps_its_default() throws IOException {
    Settings settings = load("kafka:\n  topic:\n  partitions: ~\n  properties:\nstream:\n");

    assertThat(settings).isEqualTo(SettingsLoader.defaults());
  }

  @Test
  void an_empty_file_gives_the_defaults() throws IOException {
    assertThat(load("# nothing yet\n")).isEqualTo(SettingsLoader.defaults());
  }

  @Test
  void an_empty_text_is_a_value_where_a_setting_allows_it() {
    assertThat(set("spark.master=").spark().master()).isEmpty();
  }

  // Forms of values.

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "10s, PT10S",
    "5m, PT5M",
    "2h, PT2H",
    "7d, PT168H",
    "1.5h, PT1H30M",
    "' 3 s ', PT3S"
  })
  void a_duration_is_a_number_and_a_unit(String text, Duration expected) throws IOException {
    assertThat(load("stream:\n  trigger: " + text + "\n").stream().trigger()).isEqualTo(expected);
  }

  @Test
  void enums_may_be_written_in_any_case() {
    assertThat(set("kafka.starting_offsets=LATEST").kafka().startingOffsets())
        .isEqualTo(Settings.StartingOffsets.LATEST);
    assertThat(set("kafka.starting_offsets=latest").kafka().startingOffsets())
        .isEqualTo(Settings.StartingOffsets.LATEST);
  }

  @Test
  void numbers_in_place_of_a_text_are_taken_as_written() throws IOException {
    assertThat(load("kafka:\n  topic: 0123\n").kafka().topic()).isEqualTo("0123");
  }

  @Test
  void several_brokers_and_ipv6_addresses_are_accepted() {
    assertThat(set("kafka.bootstrap_servers=a:9092, [::1]:65535").kafka().bootstrapServers())
        .isEqualTo("a:9092, [::1]:65535");
  }

  @Test
  void names_may_be_written_with_dots_in_the_file() throws IOException {
    assertThat(load("kafka.topic: clicks\n").kafka().topic()).isEqualTo("clicks");
  }

  @Test
  void properties_of_kafka_and_spark_keep_their_dotted_names_and_add_up() throws IOException {
    Path file =
        file(
            """
            kafka:
              properties:
                security.protocol: SASL_SSL
                linger.ms: 5
            """);

    Settings settings =
        SettingsLoader.load(
            Optional.of(file),
            Map.of(
                "VECTORSTREAM_KAFKA_PROPERTIES", "{\"client.id\": \"shop\", \"linger.ms\": \"6\"}"),
            List.of(
                "kafka.properties.security.protocol=SSL",
                "spark.properties.spark.ui.enabled=false"));

    assertThat(settings.kafka().properties())
        .isEqualTo(Map.of("security.protocol", "SSL", "linger.ms", "6", "client.id", "shop"));
    assertThat(settings.spark().properties()).isEqualTo(Map.of("spark.ui.enabled", "false"));
  }

  @Test
  void variables_of_other_programs_and_of_the_launcher_are_no_settings() {
    Map<String, String> environment =
        Map.of("PATH", "/bin", "VECTORSTREAM_JAVA_OPTS", "-Xmx1g", "VECTORSTREAM_HOME", "/opt/vs");

    assertThat(SettingsLoader.load(Optional.empty(), environment, List.of()))
        .isEqualTo(SettingsLoader.defaults());
  }

  // Values that are refused, and the messages.

  @Test
  void a_wrong_value_in_the_file_is_named_with_its_line() throws IOException {
    assertRefused(
        "kafka:\n  topic: clicks\nstream:\n  # how often\n  trigger: 10 parsecs\n",
        "vs.yaml:5: stream.trigger: '10 parsecs' is not a duration;"
            + " expected a number and a unit such as 250ms, 10s, 5m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "kafka.partitions | 4.5 | '4.5' is not a whole number; expected one up to 2147483647",
        "kafka.partitions | 99999999999 | '99999999999' is not a whole number; expected one up to"
            + " 2147483647",
        "stream.max_events_per_batch | many | 'many' is not a whole number; expected one up to"
            + " 9223372036854775807",
        "kafka.partitions | \"\" | '' is not a whole number; expected one up to 2147483647",
        "qdrant.tls | maybe | 'maybe' is neither true nor false",
        "qdrant.tls | 1 | '1' is neither true nor false",
        "qdrant.tls | \"\" | '' is neither true nor false",
        "interest.weights.view | heavy | 'heavy' is not a number; expected one such as 1.5",
        "kafka.starting_offsets | middle | 'middle' is unknown; expected earliest or latest",
        "kafka.starting_offsets | 0 | '0' is unknown; expected earliest or latest",
        "kafka.starting_offsets | \"\" | '' is unknown; expected earliest or latest",
        "stream.trigger | 10 | '10' is not a duration; expected a number and a unit such as 250ms,"
            + " 10s, 5m",
        "stream.trigger | -1s | '-1s' is not a duration; expected a number and a unit such as"
            + " 250ms, 10s, 5m",
      })
  void a_value_of_the_wrong_kind_is_refused(String setting, String text, String expected) {
    assertSetRefused(setting + "=" + text, "--set: " + setting + ": " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "kafka.partitions | 0 | '0' must be greater than or equal to 1",
        "qdrant.port | 65536 | '65536' must be less than or equal to 65535",
        "stream.trigger | 0ms | '0ms' must be 1ms or longer, and 36500d at most",
        "interest.half_life | 99999999d | '99999999d' must be 1ms or longer, and 36500d at most",
        "interest.weights.view | 101 | '101' must be a number from -100 to 100",
        "interest.weights.view | NaN | 'NaN' must be a number from -100 to 100",
        "kafka.bootstrap_servers | broker | 'broker' must be host:port, or several of them with"
            + " commas between",
        "kafka.bootstrap_servers | broker:65536 | 'broker:65536' must be host:port, or several of"
            + " them with commas between",
        "kafka.bootstrap_servers | \"\" | '' must be host:port, or several of them with commas"
            + " between",
        "kafka.topic | a b | 'a b' must be a Kafka topic's name: up to 249 letters, digits, dots,"
            + " underscores and dashes",
        "kafka.topic | .. | '..' must be a Kafka topic's name: up to 249 letters, digits, dots,"
            + " underscores and dashes",
        "embedding.model | gpt | 'gpt' is not a folder; expected bundled, remote, a folder with a"
            + " model, or a model's URL such as djl://…, https://… or file:…",
        "embedding.model | \"\" | '' must be: bundled, remote, a folder with a model, or a model's"
            + " URL",
        "embedding.max_tokens | 7 | 7 is too few; expected 8 or more, or 0 for as many as the model"
            + " reads",
        "embedding.pooling | first | 'first' must be auto, cls, max, mean, mean_sqrt_len_tokens,"
            + " weightedmean or lasttoken, or several of them with commas between",
        "embedding.remote.url | ftp://a | 'ftp://a' must be an address with https:// or http://",
        "tracing.otlp_endpoint | localhost:4318 | 'localhost:4318' must be an address with https://"
            + " or http://",
        "tracing.otlp_endpoint | http://ada:pw@a:1/ | 'http://******@a:1/' is not an address;"
            + " expected such as http://localhost:4318, and a token in tracing.otlp_authorization"
            + " alone",
        "qdrant.host | \"\" | '' must name a host",
        "qdrant.addresses | a:1,b | 'a:1,b' must be host:port, or several of them with commas"
            + " between",
        "qdrant.replication.read_consistency | most | 'most' must be all, majority, quorum or a"
            + " number of copies from 1 on",
        "qdrant.collections.users | \" \" | ' ' must name a collection",
      })
  void a_value_out_of_its_limits_is_refused(String setting, String text, String expected) {
    assertSetRefused(setting + "=" + text, "--set: " + setting + ": " + expected);
  }

  @Test
  void limits_in_the_file_are_named_with_their_line() throws IOException {
    assertRefused(
        "qdrant:\n  upserts_in_flight: 65\n",
        "vs.yaml:2: qdrant.upserts_in_flight: '65' must be less than or equal to 64");
  }

  @Test
  void messages_are_in_english_whatever_the_language_of_the_machine() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertSetRefused(
          "kafka.partitions=0", "--set: kafka.partitions: '0' must be greater than or equal to 1");
      assertThat(
              SettingsLoader.load(
                      Optional.empty(), Map.of("VECTORSTREAM_KAFKA_TOPIC", "i"), List.of())
                  .kafka()
                  .topic())
          .isEqualTo("i");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void an_unknown_name_in_the_file_suggests_the_nearest() throws IOException {
    assertRefused(
        "kafka:\n  topik: clicks\n",
        "vs.yaml:2: kafka.topik is not a setting; did you mean kafka.topic?");
    assertRefused("kafak:\n  topic: a\n", "vs.yaml:1: kafak is not a setting; did you mean kafka?");
    assertRefused("topic: a\n", "vs.yaml:1: topic is not a setting; did you mean kafka.topic?");
  }

  @Test
  void an_unknown_name_that_is_like_no_other_points_to_the_documented_file() {
    assertSetRefused(
        "zzzzzzzz.qqqqqqqq=1",
        "--set: zzzzzzzz.qqqqqqqq is not a setting; config/vectorstream.yaml lists them all");
  }

  @Test
  void what_kubernetes_says_of_a_service_is_no_setting() {
    Map<String, String> links =
        Map.of(
            "VECTORSTREAM_QDRANT_SERVICE_HOST", "10.96.0.7",
            "VECTORSTREAM_QDRANT_SERVICE_PORT", "6334",
            "VECTORSTREAM_QDRANT_SERVICE_PORT_GRPC", "6334",
            // The name of a setting.
            "VECTORSTREAM_QDRANT_PORT", "tcp://10.96.0.7:6334",
            "VECTORSTREAM_QDRANT_PORT_6334_TCP", "tcp://10.96.0.7:6334",
            "VECTORSTREAM_QDRANT_PORT_6334_TCP_PROTO", "tcp",
            "VECTORSTREAM_QDRANT_PORT_6334_TCP_PORT", "6334",
            "VECTORSTREAM_QDRANT_PORT_6334_TCP_ADDR", "10.96.0.7");

    assertThat(SettingsLoader.load(Optional.empty(), links, List.of()))
        .isEqualTo(SettingsLoader.defaults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // No service of that name.
        "VECTORSTREAM_KAFKA_SERVICE_HOST | kafka",
        "VECTORSTREAM_KAFKA_PORT | tcp://10.96.0.7:9092",
        "VECTORSTREAM_KAFKA_PORT_9092_TCP_ADDR | 10.96.0.7",
        // Similar to a variable for the service below, but not one that Kubernetes makes.
        "VECTORSTREAM_QDRANT_SERVICE_PORT_GRPC | often",
        "VECTORSTREAM_QDRANT_SERVICE_NAME | qdrant",
        "VECTORSTREAM_QDRANT_PORTS | 6334",
        "VECTORSTREAM_QDRANT_PORT_6334_TLS | tcp://10.96.0.7:6334",
        "VECTORSTREAM_QDRANT_PORT_6334_TCP | 6334",
        "VECTORSTREAM_QDRANT_PORT_6334_TCP_NAME | grpc",
      })
  void what_only_looks_like_a_service_s_variable_is_refused(String variable, String value) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "VECTORSTREAM_QDRANT_SERVICE_HOST", "10.96.0.7",
                "VECTORSTREAM_QDRANT_SERVICE_PORT", "6334"));
    environment.put(variable, value);

    assertThatThrownBy(() -> SettingsLoader.load(Optional.empty(), environment, List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("environment variable " + variable + ": not a setting");
  }

  @Test
  void a_setting_that_is_named_as_a_service_s_variable_is_still_a_setting() {
    Map<String, String> environment =
        Map.of(
            "VECTORSTREAM_QDRANT_SERVICE_HOST", "10.96.0.7",
            "VECTORSTREAM_QDRANT_SERVICE_PORT", "6334",
            "VECTORSTREAM_QDRANT_PORT", "7334");

    assertThat(SettingsLoader.load(Optional.empty(), environment, List.of()).qdrant().port())
        .isEqualTo(7334);
  }

  @Test
  void an_unknown_variable_suggests_the_nearest() {
    assertThatThrownBy(
            () ->
                SettingsLoader.load(
                    Optional.empty(), Map.of("VECTORSTREAM_KAFKA_TOPIK", "a"), List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "environment variable VECTORSTREAM_KAFKA_TOPIK: not a setting;"
                + " did you mean VECTORSTREAM_KAFKA_TOPIC?");
  }

  @Test
  void a_wrong_value_of_a_variable_names_the_variable() {
    assertThatThrownBy(
            () ->
                SettingsLoader.load(
                    Optional.empty(),
                    Map.of(
                        "VECTORSTREAM_QDRANT_PORT", "http", "VECTORSTREAM_KAFKA_PARTITIONS", "0"),
                    List.of()))
        .hasMessage(
            """
            environment variable VECTORSTREAM_QDRANT_PORT: qdrant.port: 'http' is not a whole number; expected one up to 2147483647
            environment variable VECTORSTREAM_KAFKA_PARTITIONS: kafka.partitions: '0' must be greater than or equal to 1\
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.topic, kafka.topic",
    "=clicks, ''",
    "'', ''",
    "qdrant.api_key:hunter2, qdrant.api_key"
  })
  void an_override_without_a_name_or_a_value_is_refused(String override, String repeated) {
    assertSetRefused(
        override, "--set: '" + repeated + "' is not name=value; expected kafka.topic=clicks");
  }

  @Test
  void a_group_in_place_of_a_setting_is_refused() throws IOException {
    assertSetRefused(
        "kafka=a", "--set: kafka is a group; expected one setting of it, as in kafka.topic");
    assertRefused(
        "kafka: a\n", "vs.yaml:1: kafka: expected the settings of this group, indented below it");
    assertRefused(
        "kafka:\n  topic: [a, b]\n",
        "vs.yaml:2: kafka.topic: expected a single value, not a list or a group");
    assertRefused(
        "kafka:\n  properties: 5\n",
        "vs.yaml:2: kafka.properties: expected names and values, indented below it");
    assertRefused(
        "kafka:\n  properties:\n    a: [1]\n",
        "vs.yaml:3: kafka.properties: expected a name and a single value, such as client.id: shop");
  }

  @Test
  void a_setting_given_twice_is_refused_with_both_lines() throws IOException {
    assertRefused(
        "kafka:\n  topic: a\n  topic: b\n",
        "vs.yaml:3: kafka.topic is given twice; first on line 2");
    assertRefused(
        "kafka:\n  topic: a\nstream:\n  tasks: 1\nkafka:\n  partitions: 2\n",
        "vs.yaml:5: kafka is given twice; first on line 1");
    assertRefused(
        "kafka:\n  properties:\n    a: 1\n    a: 2\n",
        "vs.yaml:4: kafka.properties.a is given twice; first on line 3");
  }

  @Test
  void what_is_not_yaml_is_named_with_its_line() throws IOException {
    assertRefused(
        "kafka:\n\ttopic: a\n", "vs.yaml:2: is not YAML: a tab; expected spaces to indent with");
    assertRefused(
        "kafka:\n  topic: a\n bad\n",
        "vs.yaml:3: is not YAML: expected <block end>, but found '<scalar>'");
    assertRefused(
        "kafka:\n  topic: \u0007\n",
        "vs.yaml:2: is not YAML: a control character; expected printable text");
    assertRefused("- a\n", "vs.yaml:1: expected groups of settings, such as kafka:");
    assertRefused("just text\n", "vs.yaml:1: expected groups of settings, such as kafka:");
  }

  @Test
  void a_file_that_cannot_be_read_is_named() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertThatThrownBy(() -> SettingsLoader.load(Optional.of(missing), Map.of(), List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(missing + ": no such settings file");
    assertThatThrownBy(() -> SettingsLoader.load(Optional.of(folder), Map.of(), List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(folder + ": is a folder; expected a YAML file");
    Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> SettingsLoader.load(Optional.of(binary), Map.of(), List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(binary + ": is not UTF-8 text; expected a YAML file");
  }

  @Test
  void all_problems_are_listed_one_a_line() throws IOException {
    Path file = file("kafka:\n  topik: a\n  partitions: x\n");

    assertThatThrownBy(
            () ->
                SettingsLoader.load(
                    Optional.of(file),
                    Map.of("VECTORSTREAM_QDRANT_PORT", "0"),
                    List.of("stream.tasks=-1", "nonsense")))
        .isInstanceOf(SettingsException.class)
        .message()
        .satisfies(
            message ->
                assertThat(message.lines().map(line -> line.replace(folder + "/", "")))
                    .containsExactlyInAnyOrder(
                        "vs.yaml:2: kafka.topik is not a setting; did you mean kafka.topic?",
                        "vs.yaml:3: kafka.partitions: 'x' is not a whole number;"
                            + " expected one up to 2147483647",
                        "environment variable VECTORSTREAM_QDRANT_PORT: qdrant.port:"
                            + " '0' must be greater than or equal to 1",
                        "--set: stream.tasks: '-1' must be greater than or equal to 0",
                        "--set: 'nonsense' is not name=value; expected kafka.topic=clicks"));
  }

  @Test
  void a_value_that_replaces_a_wrong_one_is_checked_as_well() throws IOException {
    Path file = file("stream:\n  tasks: [1]\n");

    assertThatThrownBy(
            () -> SettingsLoader.load(Optional.of(file), Map.of(), List.of("stream.tasks=-1")))
        .hasMessage(
            file
                + ":2: stream.tasks: expected a single value, not a list or a group\n"
                + "--set: stream.tasks: '-1' must be greater than or equal to 0");
  }

  @Test
  void settings_that_contradict_each_other_are_refused() {
    assertSetRefused(
        "kafka.dead_letter_topic=ecommerce-events",
        "--set: kafka.dead_letter_topic: 'ecommerce-events' must be another topic than"
            + " kafka.topic");
    for (String taken : List.of("ecommerce-events", "ecommerce-events-dead-letter")) {
      assertSetRefused(
          "kafka.products_topic=" + taken,
          "--set: kafka.products_topic: '"
              + taken
              + "' must be another topic than kafka.topic and kafka.dead_letter_topic");
    }
    assertSetRefused(
        "http.trusted_proxies=10.0.0.1, proxy.internal",
        "--set: http.trusted_proxies: 'proxy.internal' is neither an address nor a network;"
            + " expected such as 10.1.2.3, 10.8.0.0/16, ::1");
    assertSetRefused(
        "http.trusted_proxies=10.0.0.0/33",
        "--set: http.trusted_proxies: '10.0.0.0/33' is neither an address nor a network;"
            + " expected such as 10.1.2.3, 10.8.0.0/16, ::1");
    assertSetRefused(
        "qdrant.collections.users=events",
        "--set: qdrant.collections.users: 'events' must be another collection than"
            + " qdrant.collections.events");
    assertSetRefused(
        "spark.properties.sql.shuffle.partitions=8",
        "--set: spark.properties: 'sql.shuffle.partitions' is not a Spark setting;"
            + " they start with spark.");
  }

  @Test
  void properties_that_are_no_names_and_values_are_refused_without_repeating_them() {
    for (String text : List.of("{a: [1]}", "secret", "{\"password\": \"hunter2\"", "[hunter2]")) {
      assertThatThrownBy(
              () ->
                  SettingsLoader.load(
                      Optional.empty(), Map.of("VECTORSTREAM_KAFKA_PROPERTIES", text), List.of()))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              "environment variable VECTORSTREAM_KAFKA_PROPERTIES: kafka.properties:"
                  + " expected names and values, such as {\"client.id\": \"shop\"}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embedding.engine=tensorflow | embedding.engine: 'tensorflow' is unknown; expected auto or"
            + " onnxruntime or pytorch",
        "embedding.device=cuda | embedding.device: 'cuda' is unknown; expected auto or cpu or gpu",
        "embedding.precision=fp64 | embedding.precision: 'fp64' is unknown; expected auto or fp32"
            + " or fp16 or bf16 or int8",
        "embedding.search_precision=fp32 | embedding.search_precision: 'fp32' is unknown; expected"
            + " auto or same or int8"
      })
  void an_unknown_way_to_embed_is_refused(String override, String expected) {
    assertSetRefused(override, "--set: " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embedding.engine=pytorch | int8 cannot be computed by pytorch; expected embedding.engine:"
            + " onnxruntime or auto with it, or fp32 or fp16",
        "embedding.device=gpu | int8 is for the CPU; expected fp16 or fp32 with embedding.device:"
            + " gpu"
      })
  void int8_with_what_cannot_compute_it_is_refused(String override, String expected) {
    assertThatThrownBy(() -> set("embedding.precision=int8", override))
        .isInstanceOf(SettingsException.class)
        .hasMessage("--set: embedding.precision: " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embedding.engine=onnxruntime | bf16 cannot be computed by onnxruntime; expected"
            + " embedding.engine: pytorch or auto with it, or fp32, fp16 or int8",
        "embedding.device=gpu | bf16 is for the CPU; expected fp16 or fp32 with embedding.device:"
            + " gpu"
      })
  void bf16_with_what_cannot_compute_it_is_refused(String override, String expected) {
    assertThatThrownBy(() -> set("embedding.precision=bf16", override))
        .isInstanceOf(SettingsException.class)
        .hasMessage("--set: embedding.precision: " + expected);
  }

  @Test
  void searches_in_int8_with_an_engine_that_cannot_compute_it_are_refused() {
    assertThatThrownBy(() -> set("embedding.search_precision=int8", "embedding.engine=pytorch"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "--set: embedding.search_precision: int8 cannot be computed by pytorch; expected"
                + " embedding.engine: onnxruntime or auto with it, or auto or same");
  }

  @Test
  void a_model_may_be_a_folder_or_a_url() {
    assertThat(set("embedding.model=" + folder).embedding().model()).isEqualTo(folder.toString());
    for (String url :
        List.of(
            "djl://ai.djl.huggingface.onnxruntime/sentence-transformers/all-MiniLM-L6-v2",
            "https://models.example/minilm.zip",
            "file:///models/minilm",
            "jar:///minilm.zip")) {
      assertThat(set("embedding.model=" + url).embedding().model()).isEqualTo(url);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embedding.pooling=auto | embedding.remote.url: is empty, and embedding.model is remote",
        "embedding.remote.url=https://a/v1/embeddings | embedding.remote.model: is empty; expected"
            + " the name of the server's model",
        "embedding.remote.url=https://ada:secret@a/v1 | embedding.remote.url: 'https://******@a/v1'"
            + " is not an address",
        "embedding.pooling=cls | embedding.pooling: is the server's own",
      })
  void a_server_that_cannot_be_asked_is_refused(String override, String expected) {
    assertThatThrownBy(() -> set("embedding.model=remote", override))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void a_server_is_asked_in_the_form_that_its_address_has_unless_it_is_given() {
    for (Map.Entry<String, RemoteEmbedding.Api> form :
        Map.of(
                "http://tei:8080/embed", RemoteEmbedding.Api.TEI,
                "https://api.example/v1/embeddings", RemoteEmbedding.Api.OPENAI)
            .entrySet()) {
      Settings settings =
          set(
              "embedding.model=remote",
              "embedding.remote.model=m",
              "embedding.remote.url=" + form.getKey());
      assertThat(settings.embedding().remote().form()).isEqualTo(form.getValue());
    }
    assertThat(
            set("embedding.remote.url=http://tei:8080/embed", "embedding.remote.api=openai")
                .embedding()
                .remote()
                .form())
        .isEqualTo(RemoteEmbedding.Api.OPENAI);
  }

  @Test
  void a_prompt_keeps_the_blank_at_its_end() throws IOException {
    assertThat(load("embedding:\n  query_prompt: 'query: '\n").embedding().queryPrompt())
        .isEqualTo("query: ");
    assertThat(set("embedding.document_prompt=passage: ").embedding().documentPrompt())
        .isEqualTo("passage: ");
    assertThat(set("embedding.query_prompt=").embedding().queryPrompt()).isEmpty();
  }

  @Test
  void the_key_of_a_server_may_be_in_a_file() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "sk-0123456789abcdef\n");

    Settings settings = set("embedding.remote.api_key_file=" + key).withFilesRead();

    assertThat(settings.embedding().remote().apiKey().value()).isEqualTo("sk-0123456789abcdef");
    assertThat(settings.toString()).doesNotContain("sk-0123456789abcdef");
    assertThat(SettingsPrinter.toYaml(settings)).doesNotContain("sk-0123456789abcdef");
  }

  @Test
  void a_registry_that_would_not_be_asked_or_whose_address_holds_a_password_is_refused() {
    assertSetRefused(
        "kafka.registry.url=http://registry:8081",
        "--set: kafka.registry.url: is not asked with kafka.format: json; expected auto with it");
    String expected =
        "must be http://host:port or https://host, or several of them with commas between, without"
            + " a password, which has a setting of its own";
    for (String url : List.of("registry:8081", "http://me:secret@registry:8081", "http://a,")) {
      assertThatThrownBy(() -> set("kafka.format=auto", "kafka.registry.url=" + url))
          .hasMessageContaining(expected);
    }
    assertThat(
            set("kafka.format=auto", "kafka.registry.url=https://a/x/, http://b:8081")
                .kafka()
                .registry()
                .urls())
        .containsExactly("https://a/x", "http://b:8081");
  }

  @Test
  void a_certificate_without_tls_is_refused() {
    assertSetRefused(
        "kafka.registry.ca_certificate=ca.pem",
        "--set: kafka.registry.ca_certificate: is for TLS only; expected https:// in"
            + " kafka.registry.url with it");
    assertSetRefused(
        "qdrant.ca_certificate=ca.pem",
        "--set: qdrant.ca_certificate: is for TLS only; expected qdrant.tls: true with it");
  }

  @Test
  void bootstrap_servers_among_the_properties_are_refused() {
    assertSetRefused(
        "kafka.properties.bootstrap.servers=broker:9092",
        "--set: kafka.properties: bootstrap.servers has a setting of its own,"
            + " kafka.bootstrap_servers");
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("vs.yaml"), yaml);
  }

  private Settings load(String yaml) throws IOException {
    return SettingsLoader.load(Optional.of(file(yaml)), Map.of(), List.of());
  }

  private static Settings set(String... overrides) {
    return SettingsLoader.load(Optional.empty(), Map.of(), List.of(overrides));
  }

  private void assertRefused(String yaml, String expected) throws IOException {
    Path file = file(yaml);
    assertThatThrownBy(() -> SettingsLoader.load(Optional.of(file), Map.of(), List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(expected.replace("vs.yaml", file.toString()));
  }

  private static void assertSetRefused(String override, String expected) {
    assertThatThrownBy(() -> set(override))
        .isInstanceOf(SettingsException.class)
        .hasMessage(expected);
  }
}
