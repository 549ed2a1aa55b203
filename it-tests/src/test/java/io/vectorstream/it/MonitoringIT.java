package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as operators see it: its metrics, the rules and the dashboard that are made of them,
 * and its log. Prometheus itself, from Debian's package of that name, checks and evaluates the
 * rules.
 */
@ExtendWith(SharedServices.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringIT {
  private static final Path DEPLOY = ModuleFolder.path().resolveSibling("deploy");
  private static final Path ALERTS = DEPLOY.resolve("prometheus/alerts.yml");
  private static final Path DASHBOARD = DEPLOY.resolve("grafana/dashboards/vectorstream.json");

  /** The names that metrics of the program, or of the JVM, may have. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:vectorstream|jvm|process|system)_[a-z0-9_]+\\b");

  /** The log line with the address on which the program listens. */
  private static final Pattern URL = Pattern.compile("\"url\":\"http://localhost:(\\d+)\"");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new YAMLMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private Deployment deployment;
  private ChildProgram program;
  private int port;

  @BeforeAll
  void runTheProgram(Services services, @TempDir Path folder) throws Exception {
    deployment = new Deployment(services, folder);
    List<String> arguments = new ArrayList<>(List.of("run", "--json"));
    deployment.given().forEach(setting -> arguments.addAll(List.of("--set", setting)));
    program = new ChildProgram(folder.resolve("program"), Map.of(), arguments);
    program.awaitText("\"url\":");
    Matcher url = URL.matcher(program.said());
    assertThat(url.find()).as(program.said()).isTrue();
    port = Integer.parseInt(url.group(1));

    deployment.send(
        Shop.event("view", "ada", Shop.product("mug", "Blue mug", "", "Home", 8)),
        Shop.event("purchase", "ada", Shop.product("mug", "Blue mug", "", "Home", 8)));
    deployment.send(
        List.of(
            new ProducerRecord<>(
                deployment.settings().kafka().topic(),
                "no JSON".getBytes(StandardCharsets.UTF_8))));
    await()
        .atMost(Deployment.PATIENCE)
        .until(
            () ->
                samples().contains("vectorstream_events_total{outcome=\"stored\"} 2.0")
                    && samples()
                        .contains("vectorstream_dead_letters_total{reason=\"not_json\"} 1.0"));
  }

  @AfterAll
  void stop() {
    program.close();
    deployment.close();
  }

  @Test
  void every_metric_of_a_rule_or_a_panel_is_there() throws Exception {
    Set<String> named = new TreeSet<>();
    Stream.concat(expressions(YAML.readTree(ALERTS.toFile())), expressions(dashboard()))
        .map(METRIC::matcher)
        .forEach(found -> found.results().forEach(name -> named.add(name.group())));
    Set<String> there =
        samples().stream()
            .map(line -> line.split("[{ ]", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(named).hasSizeGreaterThan(20);
    assertThat(there).containsAll(named);
  }

  @Test
  void no_metric_is_without_a_number_or_labelled_by_what_has_no_bounds() throws Exception {
    List<String> ours =
        samples().stream().filter(line -> line.startsWith("vectorstream_")).toList();

    assertThat(ours).noneMatch(line -> line.endsWith("NaN"));
    assertThat(ours).noneMatch(line -> line.contains("mug") || line.contains("ada"));
  }

  @Test
  void promtool_finds_the_rules_valid_and_their_tests_pass() throws Exception {
    needs("promtool");
    assertThat(run("promtool", "check", "rules", ALERTS.toString())).contains("SUCCESS");
    assertThat(run("promtool", "test", "rules", DEPLOY.resolve("prometheus/alerts_test.yml") + ""))
        .contains("SUCCESS");
  }

  @Test
  void a_prometheus_scrapes_the_program_and_evaluates_the_rules_and_the_panels(@TempDir Path folder)
      throws Exception {
    needs("prometheus");
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [%s]
        scrape_configs:
          - job_name: vectorstream
            static_configs: [{targets: ["localhost:%d"]}]
        """
            .formatted(ALERTS, port));
    Process prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      URI server =
          URI.create("http://127.0.0.1:" + listeningPort(prometheus, folder.resolve("log")));
      await()
          .atMost(Deployment.PATIENCE)
          .until(() -> value(server, "sum(vectorstream_events_total)").equals(Optional.of("3")));
      assertThat(value(server, "up{job=\"vectorstream\"}")).contains("1");
      assertThat(value(server, "vectorstream_state{state=\"running\"}")).contains("1");

      await()
          .atMost(Deployment.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get(server.resolve("/api/v1/rules")).findValues("health"))
                      .hasSizeGreaterThan(5)
                      .allMatch(health -> health.textValue().equals("ok")));
      List<String> panels =
          expressions(dashboard())
              .map(panel -> panel.replace("$job", "vectorstream").replace("$instance", ".*"))
              .toList();
      assertThat(panels).hasSizeGreaterThan(15);
      for (String panel : panels) {
        // Fails unless the server can evaluate it.
        value(server, panel);
      }
    } finally {
      prometheus.destroy();
      prometheus.waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void with_json_every_line_is_an_object_and_each_batch_has_one_with_its_figures() {
    List<JsonNode> lines = program.said().lines().map(MonitoringIT::json).toList();

    assertThat(lines).allMatch(line -> line.hasNonNull("time") && line.hasNonNull("level"));
    List<JsonNode> batches =
        lines.stream().filter(line -> line.at("/message/event").asText().equals("batch")).toList();
    assertThat(batches)
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(3)
        .allMatch(line -> line.at("/message/duration_ms").isIntegralNumber());
    assertThat(batches.stream().mapToLong(line -> line.at("/message/stored").longValue()).sum())
        .isEqualTo(2);
    assertThat(lines)
        .anyMatch(line -> line.at("/message/event").asText().equals("health"))
        .anyMatch(line -> line.at("/message/event").asText().equals("started"));
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }

  private List<String> samples() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build();
    return http.send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private static JsonNode dashboard() throws IOException {
    return JSON.readTree(DASHBOARD.toFile());
  }

  private static Stream<String> expressions(JsonNode file) {
    return file.findValues("expr").stream().map(JsonNode::textValue);
  }

  private Optional<String> value(URI server, String query) throws Exception {
    JsonNode answer =
        get(
            server.resolve(
                "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)));
    assertThat(answer.path("status").asText()).as("%s: %s", query, answer).isEqualTo("success");
    JsonNode result = answer.at("/data/result/0/value/1");
    return result.isMissingNode() ? Optional.empty() : Optional.of(result.asText());
  }

  private JsonNode get(URI uri) throws Exception {
    return JSON.readTree(
        http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
  }

  /** Returns the free port that Prometheus has taken, according to its log. */
  private static int listeningPort(Process prometheus, Path log) {
    Pattern address = Pattern.compile("Listening on\" address=127\\.0\\.0\\.1:(\\d+)");
    return await()
        .atMost(Deployment.PATIENCE)
        .until(
            () -> {
              assertThat(prometheus.isAlive()).as(Files.readString(log)).isTrue();
              Matcher found = address.matcher(Files.readString(log));
              return found.find() ? Integer.parseInt(found.group(1)) : 0;
            },
            found -> found > 0);
  }

  private static void needs(String tool) {
    boolean there =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    assumeTrue(there, tool + " is not installed; Debian has it in its package prometheus");
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
