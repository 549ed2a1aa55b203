package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Shop;
import io.vectorstream.store.VectorStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The program in a process of its own, with every possible secret and the most detailed logging.
 * Afterwards each file that it wrote is searched for the secrets.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsIT {
  private static final String PASSWORD = "Kestrel-4711-sasl";
  private static final String KEY_PASSWORD = "Merlin-1234-keystore";
  private static final String API_KEY = "Osprey-0815-api";
  private static final String OF_SPARK = "Harrier-9999-spark";
  private static final String TOKEN = "Sparrow-2468-token";
  private static final String READ_TOKEN = "Wagtail-1357-token";
  private static final String WRONG = "Magpie-0000-wrong";
  private static final String IN_FLAGS = "Bittern-3141-flags";
  private static final String IN_URL = "Whimbrel-2718-url";
  private static final String IN_QUERY = "Lapwing-1618-signature";
  private static final List<String> SECRETS =
      List.of(
          PASSWORD,
          KEY_PASSWORD,
          API_KEY,
          OF_SPARK,
          TOKEN,
          READ_TOKEN,
          WRONG,
          IN_FLAGS,
          IN_URL,
          IN_QUERY);
  private static final String MECHANISM = "SCRAM-SHA-512";

  private Path folder;
  private SecureServices services;

  @BeforeAll
  void start(@TempDir Path shared) throws Exception {
    folder = shared;
    services = new SecureServices(shared.resolve("services"), PASSWORD, KEY_PASSWORD, API_KEY);
  }

  @AfterAll
  void stop() {
    if (services != null) {
      services.close();
    }
  }

  @Test
  void a_pipeline_that_runs_and_then_fails_keeps_its_secrets() throws Exception {
    Path written = folder.resolve("run");
    String topic = "clicks-of-the-run";
    Settings settings = load(topic, properties());
    services.byPassword().createTopic(topic, 1);

    try (ChildProgram program =
        new ChildProgram(written, environment(API_KEY), run(written, topic, properties()))) {
      program.awaitText("Reading " + topic);
      send(settings);
      program.awaitText("1 stored");
      program.awaitText("1 dead-lettered");
      askEverything(program, written);
      send(settings);
      program.awaitText("batch 1:");
      // A lasting failure: Spark logs the whole query with it.
      try (VectorStore store = VectorStore.connect(settings.qdrant())) {
        store.delete(store.collections().events());
      }
      send(settings);
      program.awaitText("failed:");
    }

    assertNoSecretIn(written, topic);
    assertThat(written.resolve("events")).isNotEmptyDirectory();
    assertThat(written.resolve("checkpoint")).isNotEmptyDirectory();
    // Closures were read, those of the pipeline's own tasks among them.
    assertThat(contentOf(written.resolve("tasks"))).contains("TaskSettings", topic + "-events");
  }

  private static String contentOf(Path folder) throws IOException {
    StringBuilder content = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        content.append(new String(Files.readAllBytes(file), ISO_8859_1));
      }
    }
    return content.toString();
  }

  @Test
  void a_model_s_url_is_refused_without_its_password_and_its_signature() throws Exception {
    Path written = folder.resolve("model");
    String topic = "clicks-without-a-model";
    List<String> arguments = run(written, topic, properties());
    arguments.addAll(
        List.of(
            "--set",
            "embedding.model=http://ada:" + IN_URL + "@127.0.0.1:1/bert.zip?sig=" + IN_QUERY));

    try (ChildProgram program = new ChildProgram(written, environment(API_KEY), arguments)) {
      assertThat(program.awaitEnd()).isEqualTo(1);
      assertThat(program.said())
          .contains("127.0.0.1:1/bert.zip", "******")
          .contains("\tat io.vectorstream.");
    }

    assertNoSecretIn(written, "bert.zip");
  }

  /** Saves the API's answers with the other files that are searched. */
  private static void askEverything(ChildProgram program, Path written) throws Exception {
    program.awaitText("The page and the API are at ");
    Matcher address = Pattern.compile("API are at (\\S+:\\d+)").matcher(program.said());
    assertThat(address.find()).as(program.said()).isTrue();
    for (String path : List.of("config", "health", "metrics", "openapi.json", "dead-letters")) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address.group(1) + "/" + path))
              .header("Authorization", "Bearer " + READ_TOKEN)
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      Files.writeString(written.resolve(path + ".txt"), answer.body());
    }
    assertThat(written.resolve("config.txt"))
        .content()
        .contains("\"token\":\"******\"", "-Dshop.password=******", "hello ******");
  }

  @ParameterizedTest
  @CsvSource({
    "sasl.jaas.config, Authentication failed",
    "ssl.keystore.password, password was incorrect",
    "nonsense in place of a login, sasl.jaas.config is not as expected",
    "the API key, refused: Invalid API key"
  })
  void a_wrong_secret_is_refused_and_not_repeated(String what, String expected) throws Exception {
    Map<String, String> wrong = properties();
    switch (what) {
      case "sasl.jaas.config" -> wrong.put(what, SecureServices.jaas(MECHANISM, WRONG));
      case "ssl.keystore.password" -> wrong.put(what, WRONG);
      case "nonsense in place of a login" -> wrong.put("sasl.jaas.config", "user " + WRONG);
      default -> assertThat(what).isEqualTo("the API key");
    }
    String apiKey = what.equals("the API key") ? WRONG : API_KEY;
    String topic = "refused-for-" + what.replace(' ', '-');
    Path written = folder.resolve(topic);

    try (ChildProgram program =
        new ChildProgram(written, environment(apiKey), run(written, topic, wrong))) {
      assertThat(program.awaitEnd()).isEqualTo(1);
      assertThat(program.said().lines()).anyMatch(line -> line.contains(expected));
      // With the most detailed logging, it also says where it failed.
      assertThat(program.said()).contains("\tat io.vectorstream.");
    }

    assertNoSecretIn(written, "PipelineException");
  }

  @Nightly
  @Test
  void a_validation_on_given_services_keeps_its_secrets() throws Exception {
    Path written = folder.resolve("validate");
    String topic = "clicks-to-validate";
    Path summary = written.resolve("summary.json");
    List<String> arguments = validate(written, topic);
    arguments.addAll(List.of("--json", summary.toString()));
    Files.createDirectories(written);

    try (ChildProgram program = new ChildProgram(written, environment(API_KEY), arguments)) {
      // Its speed is not tested here.
      assertThat(program.awaitEnd()).as("%s", program.said()).isBetween(0, 1);
      assertThat(summary).as("%s", program.said()).exists();
    }

    JsonNode events = new ObjectMapper().readTree(summary.toFile()).path("events");
    assertThat(events.path("sent").longValue()).isPositive();
    assertThat(events.path("lost").longValue()).isZero();
    assertNoSecretIn(written, topic);
    assertThat(written.resolve("data/checkpoint")).isNotEmptyDirectory();
  }

  @Test
  void a_validation_that_is_not_let_in_says_so_in_one_line() throws Exception {
    Path written = folder.resolve("validate-refused");
    Map<String, String> environment = Map.of("VECTORSTREAM_QDRANT_API_KEY", WRONG);

    try (ChildProgram program =
        new ChildProgram(written, environment, validate(written, "clicks-refused"))) {
      assertThat(program.awaitEnd()).isEqualTo(1);
      assertThat(program.said().lines().skip(1))
          .singleElement()
          .asString()
          .startsWith("Qdrant at localhost:" + services.storePort() + " refused: Invalid API key");
    }

    assertNoSecretIn(written, "Invalid API key");
  }

  private List<String> validate(Path written, String topic) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("validate"));
    arguments.addAll(List.of("--bootstrap-servers", services.byPassword().bootstrapServers()));
    arguments.addAll(List.of("--qdrant", "localhost:" + services.storePort()));
    arguments.addAll(List.of("--duration", "3s", "--trigger", "1s", "--rate", "50"));
    arguments.addAll(List.of("--products", "20"));
    arguments.addAll(List.of("--data", written.resolve("data").toString(), "--keep"));
    arguments.addAll(options(topic, properties()));
    return arguments;
  }

  /** Both a login and a client's key, so that there are two passwords. */
  private Map<String, String> properties() throws Exception {
    Map<String, String> properties = new HashMap<>(services.clientCertificate());
    properties.putAll(services.login(MECHANISM));
    return properties;
  }

  private static Map<String, String> environment(String apiKey) {
    return Map.of(
        "VECTORSTREAM_QDRANT_API_KEY",
        apiKey,
        "VECTORSTREAM_HTTP_TOKEN",
        TOKEN,
        "VECTORSTREAM_HTTP_READ_TOKEN",
        READ_TOKEN,
        "VECTORSTREAM_DEBUG",
        "true");
  }

  /** Runs the command run, with an event log of Spark, which contains all that Spark knows. */
  private List<String> run(Path written, String topic, Map<String, String> properties)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(options(topic, properties));
    Path events = Files.createDirectories(written.resolve("events"));
    Path tasks = Files.createDirectories(written.resolve("tasks"));
    for (String setting :
        List.of(
            "stream.checkpoint=" + written.resolve("checkpoint"),
            "spark.properties.spark.eventLog.enabled=true",
            "spark.properties.spark.eventLog.compress=false",
            "spark.properties.spark.eventLog.dir=" + events.toUri(),
            "spark.properties.spark.hadoop.fs.shop.api.key=" + OF_SPARK,
            // In an unexpected place: in the middle of a value, under an innocent name.
            "spark.properties.spark.executor.extraJavaOptions=-Dshop.password=" + IN_FLAGS,
            "spark.properties.spark.shop.proxy=http://ada:" + IN_URL + "@proxy:3128/?a=b",
            "spark.properties.spark.shop.feed=http://feed/?expires=60&sig=" + IN_QUERY,
            "spark.properties.spark.hadoop.shop.url=https://ada:" + IN_URL + "@shop/",
            "spark.properties.spark.shop.greeting=hello " + API_KEY,
            "kafka.properties.client.id=shop-" + TOKEN,
            "spark.properties.spark.plugins=" + TaskSpy.class.getName(),
            "spark.properties." + TaskSpy.FOLDER + "=" + tasks,
            "spark.properties.spark.broadcast.compress=false")) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments;
  }

  private List<String> options(String topic, Map<String, String> properties) throws Exception {
    List<String> options = new ArrayList<>();
    settings(topic, properties).stream()
        // Secrets come as they should: from the environment and from files.
        .filter(setting -> !setting.startsWith("qdrant.api_key="))
        .forEach(setting -> options.addAll(List.of("--set", setting)));
    return options;
  }

  private Settings load(String topic, Map<String, String> properties) throws Exception {
    return SettingsLoader.load(Optional.empty(), Map.of(), settings(topic, properties));
  }

  private List<String> settings(String topic, Map<String, String> properties) throws Exception {
    Path file = SecureServices.file(folder.resolve(topic + ".properties"), properties);
    List<String> settings = services.storeSettings();
    settings.addAll(
        List.of(
            "kafka.bootstrap_servers=" + services.byPassword().bootstrapServers(),
            "kafka.properties_file=" + file,
            "kafka.topic=" + topic,
            "qdrant.collections.products=" + topic + "-products",
            "qdrant.collections.events=" + topic + "-events",
            "qdrant.collections.users=" + topic + "-users",
            "stream.trigger=1s",
            "http.port=0",
            "spark.master=local[2]"));
    return settings;
  }

  /** An event and a record that is none. */
  private static void send(Settings settings) throws Exception {
    Map<String, Object> config = new HashMap<>(settings.kafka().properties());
    config.put("bootstrap.servers", settings.kafka().bootstrapServers());
    byte[] event =
        Shop.bytes(
            Shop.event("view", "ada", Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8)));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (byte[] value : List.of(event, "not an event".getBytes(UTF_8))) {
        producer.send(new ProducerRecord<>(settings.kafka().topic(), value));
      }
    }
  }

  /**
   * Searches every file below the folder.
   *
   * @param known a text that one of them has to contain, so that an empty result has a meaning
   */
  private static void assertNoSecretIn(Path written, String known) throws IOException {
    boolean found = false;
    try (Stream<Path> files = Files.walk(written)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), ISO_8859_1);
        found |= text.contains(known);
        for (String secret : SECRETS) {
          assertThat(text.lines().filter(line -> line.contains(secret)).findFirst())
              .as("%s in %s", secret, written.relativize(file))
              .isEmpty();
        }
      }
    }
    assertThat(found).as("%s in a file below %s", known, written).isTrue();
  }
}
