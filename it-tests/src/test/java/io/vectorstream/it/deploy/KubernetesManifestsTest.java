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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consistency of the manifests for Kubernetes with each other and with the program. */
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
          Map.entry("NetworkPolicy", "networking.k8s.io/v1"),
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
    if (volume.has("emptyDir")) {
      assertThat(mount.path("mountPath").asText()).isIn("/tmp", "/var/cache/vectorstream");
    } else if (volume.has("configMap")) {
      JsonNode map = find("ConfigMap", volume.at("/configMap/name").asText());
      if (mount.has("subPath")) {
        assertThat(map.get("data").has(mount.path("subPath").asText())).isTrue();
      }
    } else {
      assertThat(volume.at("/secret/secretName").asText()).isEqualTo(name(secret));
      assertThat(mount.path("mountPath").asText()).isEqualTo("/run/secrets/vectorstream");
    }
  }

  /** The next steps of an attacker who has broken into a pod. */
  @Test
  void a_pod_that_is_broken_into_can_neither_change_itself_nor_gain_rights() {
    List<JsonNode> pods = new ArrayList<>(List.of(executor().get("spec")));
    workloads().forEach(workload -> pods.add(workload.at("/spec/template/spec")));
    assertThat(pods).hasSize(3);
    for (JsonNode pod : pods) {
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
      assertThat(pod.at("/securityContext/seccompProfile/type").asText())
          .isEqualTo("RuntimeDefault");
      assertThat(Stream.of("hostNetwork", "hostPID", "hostIPC").filter(pod::has)).isEmpty();
      assertThat(stream(pod.get("volumes"))).noneMatch(volume -> volume.has("hostPath"));
      for (JsonNode container : pod.get("containers")) {
        JsonNode rights = container.get("securityContext");
        assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(rights.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(DeployFiles.strings(rights.at("/capabilities/drop"))).containsExactly("ALL");
        assertThat(rights.at("/capabilities").has("add")).isFalse();
        assertThat(rights.has("privileged")).isFalse();
      }
    }
    // Only the driver talks to Kubernetes; no other pod has a token for it.
    assertThat(pods)
        .filteredOn(pod -> pod.path("automountServiceAccountToken").asBoolean(true))
        .extracting(pod -> pod.path("serviceAccountName").asText())
        .containsExactly("vectorstream-pipeline");
  }

  @Test
  void an_executor_holds_no_secret_of_the_namespace() {
    assertThat(executor().toString()).doesNotContain("secret", "envFrom", "valueFrom");
  }

  @Test
  void the_driver_may_start_and_end_executors_and_nothing_else() {
    JsonNode role = find("Role", "vectorstream-executors");
    for (JsonNode rule : role.get("rules")) {
      assertThat(DeployFiles.strings(rule.get("apiGroups"))).containsExactly("");
      assertThat(DeployFiles.strings(rule.get("resources"))).isSubsetOf("pods", "configmaps");
      assertThat(DeployFiles.strings(rule.get("verbs")))
          .isSubsetOf("create", "get", "list", "watch", "delete", "deletecollection");
    }
    assertThat(objects.stream().map(object -> object.path("kind").asText()))
        .doesNotContain("ClusterRole", "ClusterRoleBinding");
  }

  @Test
  void what_no_policy_allows_is_refused_to_every_pod() {
    assertThat(objects("NetworkPolicy"))
        .filteredOn(policy -> policy.at("/spec/podSelector").isEmpty())
        .anySatisfy(
            policy -> {
              assertThat(DeployFiles.strings(policy.at("/spec/policyTypes")))
                  .containsExactlyInAnyOrder("Ingress", "Egress");
              assertThat(policy.get("spec").has("ingress") || policy.get("spec").has("egress"))
                  .isFalse();
            });
    for (JsonNode policy : objects("NetworkPolicy")) {
      for (JsonNode rule : policy.at("/spec/ingress")) {
        assertThat(rule.path("from")).as(name(policy)).isNotEmpty();
        assertThat(rule.path("from").toString()).doesNotContain("ipBlock");
      }
      for (String direction : List.of("ingress", "egress")) {
        policy
            .at("/spec/" + direction)
            .forEach(rule -> assertThat(rule.path("ports")).as(name(policy)).isNotEmpty());
      }
    }
  }

  /** A policy that is too narrow is a fault as well: the parts must be able to communicate. */
  @Test
  void what_the_parts_say_to_each_other_passes(@TempDir Path folder) throws IOException {
    JsonNode data = find("ConfigMap", "vectorstream-spark").get("data");
    Properties spark = DeployFiles.properties(data.path("spark-defaults.conf").asText());
    int driver = Integer.parseInt(spark.getProperty("spark.driver.port"));
    int driverBlocks = Integer.parseInt(spark.getProperty("spark.driver.blockManager.port"));
    int blocks = Integer.parseInt(spark.getProperty("spark.blockManager.port"));

    assertThat(passes("executor", "pipeline", driver)).isTrue();
    assertThat(passes("executor", "pipeline", driverBlocks)).isTrue();
    assertThat(passes("executor", "executor", blocks)).isTrue();
    assertThat(passes("pipeline", "executor", blocks)).isTrue();
    // And no more than that.
    assertThat(passes("serve", "pipeline", driver)).isFalse();
    assertThat(passes("serve", "executor", blocks)).isFalse();
    assertThat(passes("executor", "serve", 8080)).isFalse();
    assertThat(passes("executor", "pipeline", 8080)).isFalse();

    Settings settings =
        DeployFiles.settings(
            find("ConfigMap", "vectorstream-settings").at("/data/vectorstream.yaml").asText(),
            folder,
            Map.of());
    String[] kafka = settings.kafka().bootstrapServers().split("[.:]");
    for (String component : List.of("pipeline", "serve", "executor")) {
      assertThat(leaves(component, kafka[1], Integer.parseInt(kafka[kafka.length - 1]))).isTrue();
      assertThat(
              leaves(component, settings.qdrant().host().split("[.]")[1], settings.qdrant().port()))
          .isTrue();
      assertThat(leaves(component, "kube-system", 53)).isTrue();
      assertThat(leaves(component, "default", 22)).isFalse();
    }
  }

  @Test
  void the_key_crosses_the_network_between_nodes_encrypted(@TempDir Path folder)
      throws IOException {
    JsonNode data = find("ConfigMap", "vectorstream-settings").get("data");
    Settings settings =
        DeployFiles.settings(data.path("vectorstream.yaml").asText(), folder, Map.of());
    assertThat(settings.qdrant().tls()).isTrue();
    assertThat(settings.qdrant().allowPlaintextKey()).isFalse();
    assertThat(settings.spark().allowUnauthenticated()).isFalse();
  }

  private boolean passes(String from, String to, int port) {
    return allows("egress", "to", from, peer -> selects(peer.get("podSelector"), to), port)
        && allows("ingress", "from", to, peer -> selects(peer.get("podSelector"), from), port);
  }

  private boolean leaves(String from, String namespace, int port) {
    return allows(
        "egress",
        "to",
        from,
        peer ->
            peer.at("/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                .asText()
                .equals(namespace),
        port);
  }

  private boolean allows(
      String direction, String side, String component, Predicate<JsonNode> peer, int port) {
    return objects("NetworkPolicy").stream()
        .filter(policy -> selects(policy.at("/spec/podSelector"), component))
        .flatMap(policy -> stream(policy.at("/spec/" + direction)))
        .filter(rule -> stream(rule.get(side)).anyMatch(peer))
        .anyMatch(
            rule -> stream(rule.get("ports")).anyMatch(open -> open.path("port").asInt() == port));
  }

  private static boolean selects(JsonNode selector, String component) {
    if (selector == null) {
      return false;
    }
    Map<String, String> labels =
        Map.of("app.kubernetes.io/name", "vectorstream", "app.kubernetes.io/component", component);
    return selector.path("matchLabels").properties().stream()
        .allMatch(label -> label.getValue().asText().equals(labels.get(label.getKey())));
  }

  private JsonNode executor() {
    JsonNode data = find("ConfigMap", "vectorstream-spark").get("data");
    return DeployFiles.parse(data.path("executor.yaml").asText()).get(0);
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
