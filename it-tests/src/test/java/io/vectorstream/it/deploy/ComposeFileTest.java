package io.vectorstream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consistency of compose.yaml with the files around it, as far as possible without Docker. */
class ComposeFileTest {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)([^}]*)}");

  private final JsonNode compose = DeployFiles.yaml("compose.yaml").get(0);
  private final JsonNode services = compose.get("services");

  @Test
  void the_stack_has_every_service_that_it_should() {
    assertThat(DeployFiles.strings(services))
        .containsExactlyInAnyOrder(
            "kafka",
            "kafka-ui",
            "qdrant",
            "spark-master",
            "spark-worker",
            "pipeline",
            "prometheus",
            "grafana");
    assertThat(services.at("/spark-worker/deploy/replicas").asInt()).isEqualTo(2);
  }

  @Test
  void images_have_versions() {
    services.forEach(
        service ->
            assertThat(service.path("image").asText())
                .matches(".+:v?\\d+\\.\\d+.*")
                .doesNotContain("latest"));
    String spark = org.apache.spark.package$.MODULE$.SPARK_VERSION();
    assertThat(services.at("/spark-master/image").asText()).startsWith("apache/spark:" + spark);
    assertThat(DeployFiles.text("deploy/Dockerfile"))
        .contains("ARG SPARK_IMAGE=" + services.at("/spark-master/image").asText() + "\n");
    assertThat(services.at("/spark-worker/image")).isEqualTo(services.at("/pipeline/image"));
  }

  @Test
  void a_process_without_memory_ends_and_says_so_however_it_is_started() {
    for (String script : List.of("vectorstream", "deploy/vectorstream.sh")) {
      assertThat(DeployFiles.text(script)).contains("memory=-XX:+ExitOnOutOfMemoryError");
    }
  }

  @Test
  void ports_are_published_on_the_loopback_and_no_more_of_them_than_needed() {
    List<String> published = new ArrayList<>();
    services.forEach(service -> published.addAll(DeployFiles.strings(service.path("ports"))));
    assertThat(published)
        .allMatch(port -> port.startsWith("127.0.0.1:"))
        .extracting(port -> port.split(":")[1])
        .containsExactlyInAnyOrder("9092", "8090", "6333", "6334", "8080", "9090", "3000");
  }

  @Test
  void each_service_says_whether_it_is_well_and_starts_when_those_before_it_are() {
    services
        .properties()
        .forEach(
            service -> {
              assertThat(service.getValue().at("/healthcheck/test"))
                  .as(service.getKey())
                  .isNotEmpty();
              assertThat(service.getValue().path("restart").asText()).isEqualTo("unless-stopped");
              service
                  .getValue()
                  .path("depends_on")
                  .properties()
                  .forEach(
                      other -> {
                        assertThat(services.has(other.getKey())).as(other.getKey()).isTrue();
                        assertThat(other.getValue().path("condition").asText())
                            .isIn("service_healthy", "service_started");
                      });
            });
  }

  @Test
  void what_is_mounted_is_there() {
    Set<String> used = new TreeSet<>();
    services.forEach(
        service -> {
          for (String mount : DeployFiles.strings(service.path("volumes"))) {
            String source = mount.split(":")[0];
            if (source.startsWith("./")) {
              assertThat(DeployFiles.root().resolve(source)).exists();
              assertThat(mount).as("what is not the service's own").endsWith(":ro");
            } else if (mount.contains(":")) {
              used.add(source);
            }
          }
        });
    assertThat(DeployFiles.strings(compose.get("volumes")))
        .containsExactlyInAnyOrderElementsOf(used);
    assertThat(services.at("/prometheus/volumes/0").asText()).contains("/etc/prometheus");
  }

  @Test
  void secrets_come_from_the_environment_and_are_asked_for() {
    Set<String> required = new TreeSet<>();
    for (MatchResult variable :
        VARIABLE.matcher(DeployFiles.text("compose.yaml")).results().toList()) {
      assertThat(variable.group(2)).as(variable.group(1)).startsWith(":?");
      required.add(variable.group(1));
    }
    // Compose would copy them into the container, which fails if that is read-only.
    assertThat(compose.has("secrets")).isFalse();
    Matcher examples =
        Pattern.compile("(?m)^(\\w+)=(.*)$").matcher(DeployFiles.text(".env.example"));
    Set<String> explained = new TreeSet<>();
    while (examples.find()) {
      explained.add(examples.group(1));
      assertThat(examples.group(2)).as(examples.group(1)).isEmpty();
    }
    assertThat(explained).isEqualTo(required);
    assertThat(DeployFiles.text(".gitignore").lines()).contains(".env");
    assertThat(DeployFiles.text(".dockerignore").lines()).contains(".env");
  }

  @Test
  void the_settings_are_right_and_lead_to_the_services(@TempDir Path folder) throws IOException {
    Settings settings =
        DeployFiles.settings(
            DeployFiles.text("deploy/vectorstream.yaml"),
            folder,
            Map.of(
                "VECTORSTREAM_HTTP_TOKEN",
                "t",
                "VECTORSTREAM_HTTP_READ_TOKEN",
                "r",
                "VECTORSTREAM_QDRANT_API_KEY",
                "k"));
    String[] kafka = settings.kafka().bootstrapServers().split(":");
    assertThat(services.has(kafka[0])).isTrue();
    assertThat(services.at("/kafka/environment/KAFKA_ADVERTISED_LISTENERS").asText())
        .contains("://" + settings.kafka().bootstrapServers());
    assertThat(services.has(settings.qdrant().host())).isTrue();
    assertThat(settings.stream().checkpoint()).startsWith("/data/");
    assertThat(DeployFiles.strings(services.at("/pipeline/volumes")))
        .contains("pipeline-data:/data");
    assertThat(settings.http().host()).isEqualTo("0.0.0.0");
    assertThat(DeployFiles.strings(services.at("/pipeline/ports")))
        .contains("127.0.0.1:8080:" + settings.http().port());
    assertThat(DeployFiles.strings(services.at("/pipeline/environment")))
        .contains(
            "VECTORSTREAM_HTTP_TOKEN",
            "VECTORSTREAM_HTTP_READ_TOKEN",
            "VECTORSTREAM_QDRANT_API_KEY",
            "VECTORSTREAM_SPARK_SECRET");
    assertThat(settings.qdrant().tls()).isTrue();
    assertThat(services.at("/qdrant/environment/QDRANT__SERVICE__ENABLE_TLS").asText())
        .isEqualTo("true");
    assertThat(settings.qdrant().caCertificate())
        .isEqualTo(services.at("/qdrant/environment/QDRANT_AUTHORITY").asText());
    assertThat(DeployFiles.strings(services.at("/pipeline/volumes")))
        .contains("qdrant-authority:/qdrant-authority:ro");
    assertThat(settings.qdrant().allowPlaintextKey()).isFalse();
    assertThat(servicesOn("data"))
        .containsExactlyInAnyOrder("kafka", "qdrant", "spark-master", "spark-worker", "pipeline");
  }

  private List<String> servicesOn(String network) {
    return services.properties().stream()
        .filter(
            service -> DeployFiles.strings(service.getValue().path("networks")).contains(network))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void a_container_that_is_broken_into_can_neither_change_itself_nor_gain_rights() {
    services
        .properties()
        .forEach(
            entry -> {
              JsonNode service = entry.getValue();
              assertThat(service.path("read_only").asBoolean()).as(entry.getKey()).isTrue();
              assertThat(DeployFiles.strings(service.path("cap_drop")))
                  .as(entry.getKey())
                  .containsExactly("ALL");
              assertThat(service.has("cap_add") || service.has("privileged")).isFalse();
              assertThat(DeployFiles.strings(service.path("security_opt")))
                  .as(entry.getKey())
                  .containsExactly("no-new-privileges:true");
              assertThat(service.has("network_mode") || service.has("pid")).isFalse();
              assertThat(DeployFiles.strings(service.path("networks")))
                  .as(entry.getKey())
                  .isNotEmpty()
                  .isSubsetOf(DeployFiles.strings(compose.get("networks")));
              assertThat(DeployFiles.strings(service.path("volumes")))
                  .noneMatch(mount -> mount.contains("docker.sock"));
            });
  }

  @Test
  void whoever_opens_kafka_s_page_has_to_log_in_and_spark_s_pages_are_not_there()
      throws IOException {
    JsonNode environment = services.at("/kafka-ui/environment");
    assertThat(environment.path("AUTH_TYPE").asText()).isEqualTo("LOGIN_FORM");
    assertThat(environment.path("SPRING_SECURITY_USER_PASSWORD").asText())
        .startsWith("${KAFKA_UI_PASSWORD:?");
    Properties spark = DeployFiles.properties(DeployFiles.text("deploy/spark-defaults.conf"));
    assertThat(spark.getProperty("spark.ui.enabled")).isEqualTo("false");
    assertThat(spark.stringPropertyNames()).doesNotContain("spark.ui.killEnabled");
  }

  @Test
  void spark_s_settings_lead_to_the_master_and_fit_the_workers() throws IOException {
    Properties spark = DeployFiles.properties(DeployFiles.text("deploy/spark-defaults.conf"));
    String master = String.join(" ", DeployFiles.strings(services.at("/spark-master/command")));
    assertThat(spark.getProperty("spark.master")).isEqualTo("spark://spark-master:7077");
    assertThat(master).contains("--host spark-master", "--port 7077");
    String worker = String.join(" ", DeployFiles.strings(services.at("/spark-worker/command")));
    assertThat(worker)
        .contains(
            spark.getProperty("spark.master"),
            "--cores " + spark.getProperty("spark.executor.cores"),
            "--memory " + spark.getProperty("spark.executor.memory"));
    assertThat(spark.getProperty("spark.driver.host"))
        .isEqualTo(services.at("/pipeline/hostname").asText());
    assertThat(spark.stringPropertyNames()).allMatch(name -> name.startsWith("spark."));
  }

  @Test
  void prometheus_scrapes_the_pipeline_with_the_token_that_only_reads_and_grafana_asks_prometheus()
      throws IOException {
    JsonNode prometheus = DeployFiles.yaml("deploy/prometheus/prometheus.yml").get(0);
    JsonNode job = prometheus.at("/scrape_configs/0");
    assertThat(job.path("job_name").asText()).isEqualTo("vectorstream");
    assertThat(DeployFiles.strings(job.at("/static_configs/0/targets")))
        .containsExactly("pipeline:8080");
    assertThat(services.at("/prometheus/entrypoint").toString())
        .contains(">" + job.at("/authorization/credentials_file").asText() + " &&");
    assertThat(DeployFiles.strings(services.at("/prometheus/tmpfs"))).contains("/run/secrets");
    for (String rules : DeployFiles.strings(prometheus.get("rule_files"))) {
      assertThat(DeployFiles.root().resolve("deploy/prometheus").resolve(rules)).exists();
    }
    JsonNode source =
        DeployFiles.yaml("deploy/grafana/provisioning/datasources/prometheus.yaml")
            .get(0)
            .at("/datasources/0");
    assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
    String path =
        DeployFiles.yaml("deploy/grafana/provisioning/dashboards/vectorstream.yaml")
            .get(0)
            .at("/providers/0/options/path")
            .asText();
    assertThat(DeployFiles.strings(services.at("/grafana/volumes")))
        .contains("./deploy/grafana/dashboards:" + path + ":ro");
    try (var dashboards = Files.list(DeployFiles.root().resolve("deploy/grafana/dashboards"))) {
      assertThat(dashboards)
          .isNotEmpty()
          .allSatisfy(
              dashboard ->
                  assertThat(Files.readString(dashboard))
                      .contains("\"uid\": \"" + source.path("uid").asText() + "\""));
    }
  }

  @Test
  void the_image_is_built_from_files_that_are_there_and_runs_as_nobody_special() {
    List<String> lines = DeployFiles.text("deploy/Dockerfile").lines().toList();
    lines.stream()
        .filter(line -> line.startsWith("FROM ") && !line.contains("${"))
        .forEach(line -> assertThat(line).matches("FROM \\S+:\\d\\S+( AS \\w+)?"));
    for (String line : lines) {
      if (line.startsWith("COPY ") && !line.contains("--from=")) {
        String[] words = line.replaceAll("--\\S+ ", "").split(" ");
        for (int i = 1; i < words.length - 1; i++) {
          assertThat(DeployFiles.root().resolve(words[i])).as(line).exists();
        }
      }
    }
    assertThat(lines.stream().filter(line -> line.startsWith("USER ")).reduce((a, b) -> b))
        .contains("USER spark");
    assertThat(lines).anyMatch(line -> line.startsWith("HEALTHCHECK "));
    assertThat(DeployFiles.text("deploy/vectorstream.sh"))
        .contains("jar=/opt/vectorstream/vectorstream.jar", "main=io.vectorstream.cluster.Main");
  }
}
