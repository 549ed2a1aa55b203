package io.vectorstream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the manifests for Kubernetes against each other and against the program. */
class KubernetesManifestsTest {
  private static final String FOLDER = "deploy/kubernetes/";
  private static final String NAMESPACE = "vectorstream";

  private static final Map<String, String> VERSIONS =
      Map.ofEntries(
          Map.entry("Namespace", "v1"),
          Map.entry("ConfigMap", "v1"),
          Map.entry("Service", "v1"),
          Map.entry("ServiceAccount", "v1"),
          Map.entry("Role", "rbac.authorization.k8s.io/v1"),
          Map.entry("RoleBinding", "rbac.authorization.k8s.io/v1"),
          Map.entry("Deployment", "apps/v1"),
          Map.entry("StatefulSet", "apps/v1"),
          Map.entry("HorizontalPodAutoscaler", "autoscaling/v2"),
          Map.entry("PodDisruptionBudget", "policy/v1"));

  private final JsonNode kustomization = DeployFiles.yaml(FOLDER + "kustomization.yaml").get(0);
  private final JsonNode secret = DeployFiles.yaml(FOLDER + "secret.example.yaml").get(0);
  private final List<JsonNode> objects = new ArrayList<>();

  KubernetesManifestsTest() {
    DeployFiles.strings(kustomization.get("resources"))
        .forEach(file -> objects.addAll(DeployFiles.yaml(FOLDER + file)));
  }

  @Test
  void every_file_is_applied_but_the_form_of_the_secret() throws IOException {
    try (Stream<Path> files = Files.list(DeployFiles.root().resolve(FOLDER))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".yaml"))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      DeployFiles.strings(kustomization.get("resources")).stream(),
                      Stream.of("kustomization.yaml", "secret.example.yaml"))
                  .toList());
    }
    assertThat(kustomization.path("namespace").asText()).isEqualTo(NAMESPACE);
    secret.get("stringData").forEach(value -> assertThat(value.asText()).isEmpty());
  }

  @Test
  void each_object_has_the_version_of_its_kind_and_a_name_of_its_own() {
    assertThat(objects)
        .allSatisfy(
            object ->
                assertThat(VERSIONS)
                    .containsEntry(
                        object.path("kind").asText(), object.path("apiVersion").asText()));
    assertThat(objects.stream().map(o -> o.path("kind").asText() + " " + name(o)))
        .doesNotHaveDuplicates();
  }

  @Test
  void pods_mount_what_is_there_and_run_without_privileges() {
    Set<String> images = new TreeSet<>();
    for (JsonNode workload : workloads()) {
      JsonNode pod = workload.at("/spec/template/spec");
      JsonNode container = pod.at("/containers/0");
      images.add(container.path("image").asText());
      for (JsonNode mount : container.get("volumeMounts")) {
        assertMounted(workload, pod, mount);
      }
      assertThat(workload.at("/spec/selector/matchLabels"))
          .isEqualTo(workload.at("/spec/template/metadata/labels"));
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
          .isFalse();
      assertThat(container.at("/resources/requests/cpu").asText()).isNotEmpty();
      assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
      if (pod.has("serviceAccountName")) {
        find("ServiceAccount", pod.path("serviceAccountName").asText());
      }
    }
    JsonNode image = kustomization.at("/images/0");
    assertThat(images)
        .containsExactly(image.path("name").asText() + ":" + image.path("newTag").asText());
  }

  private void assertMounted(JsonNode workload, JsonNode pod, JsonNode mount) {
    String name = mount.path("name").asText();
    Stream<JsonNode> claims = stream(workload.at("/spec/volumeClaimTemplates"));
    if (claims.anyMatch(claim -> name(claim).equals(name))) {
      return;
    }
    JsonNode volume =
        stream(pod.get("volumes"))
            .filter(candidate -> candidate.path("name").asText().equals(name))
            .findAny()
            .orElseThrow(() -> new AssertionError("no volume " + name));
    if (volume.has("configMap")) {
      JsonNode map = find("ConfigMap", volume.at("/configMap/name").asText());
      if (mount.has("subPath")) {
        assertThat(map.get("data").has(mount.path("subPath").asText())).isTrue();
      }
    } else {
      assertThat(volume.at("/secret/secretName").asText()).isEqualTo(name(secret));
      assertThat(mount.path("mountPath").asText()).isEqualTo("/run/secrets/vectorstream");
    }
  }

  @Test
  void probes_ask_the_health_of_the_program() {
    for (JsonNode workload : workloads()) {
      JsonNode container = workload.at("/spec/template/spec/containers/0");
      assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
      assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/live");
      assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
      for (String probe : List.of("livenessProbe", "startupProbe", "readinessProbe")) {
        assertThat(ports(container)).contains(container.at("/" + probe + "/httpGet/port").asText());
      }
    }
  }

  @Test
  void services_and_budgets_find_pods_and_the_ports_that_these_have() {
    for (JsonNode service : objects("Service")) {
      JsonNode workload = selected(service.at("/spec/selector"));
      for (JsonNode port : service.at("/spec/ports")) {
        assertThat(ports(workload.at("/spec/template/spec/containers/0")))
            .contains(port.path("targetPort").asText());
      }
    }
    objects("PodDisruptionBudget")
        .forEach(budget -> selected(budget.at("/spec/selector/matchLabels")));
    objects("HorizontalPodAutoscaler")
        .forEach(
            scaler ->
                find(
                    scaler.at("/spec/scaleTargetRef/kind").asText(),
                    scaler.at("/spec/scaleTargetRef/name").asText()));
    for (JsonNode binding : objects("RoleBinding")) {
      find("Role", binding.at("/roleRef/name").asText());
      find("ServiceAccount", binding.at("/subjects/0/name").asText());
      assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(NAMESPACE);
    }
  }

  @Test
  void the_settings_are_right_and_name_keys_of_the_secret(@TempDir Path folder) throws IOException {
    JsonNode data = find("ConfigMap", "vectorstream-settings").get("data");
    Settings settings =
        DeployFiles.settings(data.path("vectorstream.yaml").asText(), folder, Map.of());
    assertThat(
            Stream.of(
                    settings.qdrant().apiKeyFile(),
                    settings.http().tokenFile(),
                    settings.http().readTokenFile())
                .map(file -> file.replace("/run/secrets/vectorstream/", "")))
        .containsExactlyInAnyOrderElementsOf(DeployFiles.strings(secret.get("stringData")));
    assertThat(settings.http().host()).isEqualTo("0.0.0.0");
    JsonNode pipeline = find("StatefulSet", "vectorstream-pipeline");
    assertThat(stream(pipeline.at("/spec/template/spec/containers/0/volumeMounts")))
        .anyMatch(
            mount -> settings.stream().checkpoint().startsWith(mount.path("mountPath").asText()));
  }

  @Test
  void no_pod_is_given_the_variables_of_services() {
    JsonNode data = find("ConfigMap", "vectorstream-spark").get("data");
    List<JsonNode> pods = new ArrayList<>(DeployFiles.parse(data.path("executor.yaml").asText()));
    workloads().forEach(workload -> pods.add(workload.at("/spec/template")));
    assertThat(pods)
        .hasSize(3)
        .allSatisfy(
            pod -> assertThat(pod.at("/spec/enableServiceLinks").asBoolean(true)).isFalse());
  }

  @Test
  void the_variables_of_its_own_services_are_no_settings(@TempDir Path folder) throws IOException {
    JsonNode data = find("ConfigMap", "vectorstream-settings").get("data");
    String yaml = data.path("vectorstream.yaml").asText();
    Map<String, String> environment = new HashMap<>();
    for (JsonNode service : objects("Service")) {
      String name = name(service).toUpperCase(Locale.ROOT).replace('-', '_');
      environment.put(name + "_SERVICE_HOST", "10.96.0.17");
      environment.put(name + "_SERVICE_PORT", service.at("/spec/ports/0/port").asText());
      environment.put(
          name + "_PORT", "tcp://10.96.0.17:" + service.at("/spec/ports/0/port").asText());
      for (JsonNode port : service.at("/spec/ports")) {
        String number = port.path("port").asText();
        String tcp = name + "_PORT_" + number + "_TCP";
        String portName = port.path("name").asText().toUpperCase(Locale.ROOT).replace('-', '_');
        environment.put(name + "_SERVICE_PORT_" + portName, number);
        environment.put(tcp, "tcp://10.96.0.17:" + number);
        environment.put(tcp + "_PROTO", "tcp");
        environment.put(tcp + "_PORT", number);
        environment.put(tcp + "_ADDR", "10.96.0.17");
      }
    }
    assertThat(environment).containsKey("VECTORSTREAM_PORT_8080_TCP_ADDR");
    assertThat(DeployFiles.settings(yaml, folder, environment))
        .isEqualTo(DeployFiles.settings(yaml, folder, Map.of()));
  }

  @Test
  void spark_s_settings_fit_the_pod_of_the_driver() throws IOException {
    JsonNode data = find("ConfigMap", "vectorstream-spark").get("data");
    Properties spark = DeployFiles.properties(data.path("spark-defaults.conf").asText());
    JsonNode pipeline = find("StatefulSet", "vectorstream-pipeline");
    JsonNode driver = find("Service", pipeline.at("/spec/serviceName").asText());
    assertThat(spark.getProperty("spark.kubernetes.namespace")).isEqualTo(NAMESPACE);
    assertThat(spark.getProperty("spark.kubernetes.driver.pod.name"))
        .isEqualTo(name(pipeline) + "-0");
    assertThat(spark.getProperty("spark.driver.host"))
        .isEqualTo(name(driver) + "." + NAMESPACE + ".svc");
    assertThat(spark.getProperty("spark.kubernetes.container.image"))
        .isEqualTo(pipeline.at("/spec/template/spec/containers/0/image").asText());
    assertThat(stream(driver.at("/spec/ports")).map(port -> port.path("port").asText()))
        .contains(
            spark.getProperty("spark.driver.port"),
            spark.getProperty("spark.driver.blockManager.port"));
    assertThat(
            stream(pipeline.at("/spec/template/spec/containers/0/volumeMounts"))
                .map(mount -> mount.path("mountPath").asText()))
        .contains(spark.getProperty("spark.kubernetes.executor.podTemplateFile"));
    JsonNode executor = DeployFiles.parse(data.path("executor.yaml").asText()).get(0);
    assertThat(executor.path("kind").asText()).isEqualTo("Pod");
    assertThat(executor.at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
  }

  private List<JsonNode> workloads() {
    return Stream.of("Deployment", "StatefulSet").flatMap(kind -> objects(kind).stream()).toList();
  }

  private List<JsonNode> objects(String kind) {
    List<JsonNode> found =
        objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
    assertThat(found).as(kind).isNotEmpty();
    return found;
  }

  private JsonNode find(String kind, String name) {
    return objects(kind).stream()
        .filter(object -> name(object).equals(name))
        .findAny()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  private JsonNode selected(JsonNode labels) {
    return workloads().stream()
        .filter(workload -> workload.at("/spec/template/metadata/labels").equals(labels))
        .findAny()
        .orElseThrow(() -> new AssertionError("nothing has the labels " + labels));
  }

  private static List<String> ports(JsonNode container) {
    return stream(container.get("ports")).map(port -> port.path("name").asText()).toList();
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    List<JsonNode> all = new ArrayList<>();
    list.forEach(all::add);
    return all.stream();
  }
}
