package io.vectorstream.it.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Nightly;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.host.ListeningSockets.Socket;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** The reachability of a program that runs on one machine: other machines reach nothing. */
@ExtendWith(SharedServices.class)
class ListeningIT {
  private static final List<String> QUICK = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /** The environment of machines where Spark was set up for other machines to reach it. */
  private static final Map<String, String> OPEN_TO_ALL =
      Map.of("SPARK_LOCAL_IP", "0.0.0.0", "SPARK_PUBLIC_DNS", "shop.example.com");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient browser = HttpClient.newHttpClient();

  @BeforeEach
  void assumeThatSocketsCanBeSeen() {
    assumeThat(ListeningSockets.canBeSeen()).isTrue();
  }

  @Test
  void the_demo_with_a_broker_and_a_store_in_it_listens_on_the_loopback_alone(@TempDir Path folder)
      throws Exception {
    List<String> demo =
        List.of(
            "demo",
            "--data",
            folder.resolve("data").toString(),
            "--rate",
            "20",
            "--products",
            "20",
            "--duration",
            "5m",
            "--kafka-port",
            "0",
            "--qdrant-port",
            "0",
            "--set",
            "http.port=0");
    try (ChildProgram program =
        ChildProgram.startedBy(folder, OPEN_TO_ALL, ChildProgram.command(folder, QUICK, demo))) {
      program.awaitText("Sending ");
      // Kafka's two, the store, the API, Spark's two.
      assertOnLoopback(program, 6);
      program.kill();
    }
  }

  @Test
  void neither_spark_nor_its_page_is_reached_from_elsewhere_or_asked_by_a_stranger(
      Services services, @TempDir Path folder) throws Exception {
    int page = freePort();
    try (Deployment deployment = new Deployment(services, folder);
        ChildProgram program = run(folder, deployment, withPage(page))) {
      program.awaitText("Reading ");
      List<Socket> sockets = assertOnLoopback(program, 4);
      assertThat(sockets).extracting(Socket::port).contains(page);
      assertThat(sockets)
          .filteredOn(socket -> canAskSpark(socket.port()))
          .as("ports where somebody without the secret is answered")
          .isEmpty();
    }
  }

  /** A request that another site's page sends by the browser of a user of Spark's page. */
  @Nightly
  @Test
  void a_job_that_a_browser_is_told_to_kill_goes_on(Services services, @TempDir Path folder)
      throws Exception {
    int page = freePort();
    String address = "http://127.0.0.1:" + page;
    try (Deployment deployment = new Deployment(services, folder);
        ChildProgram program = run(folder, deployment, withPage(page))) {
      program.awaitText("Reading ");
      int events = 0;
      int asked = 0;
      // The stream runs a job at some of these moments.
      while (events < 200 || asked == 0) {
        deployment.send(
            Shop.event("view", "ada", Shop.product("mug", "Mug", "Of stoneware", "Kitchen", 8)));
        events++;
        for (JsonNode job : found(address, "jobs?status=running", "stages?status=active")) {
          for (String kill : List.of("/jobs/job/kill/?id=", "/stages/stage/kill/?id=")) {
            String id = job.path(kill.startsWith("/jobs") ? "jobId" : "stageId").asText();
            get(address + kill + id);
            asked++;
          }
        }
      }
      int sent = events;
      program.await(() -> deployment.stored().countEvents() == sent);
      assertThat(found(address, "jobs?status=failed")).isEmpty();
      assertThat(program.said()).doesNotContain("restarting", "failed");
    }
  }

  private List<JsonNode> found(String address, String... kinds) throws Exception {
    String application =
        JSON.readTree(get(address + "/api/v1/applications").body()).at("/0/id").asText();
    List<JsonNode> found = new ArrayList<>();
    for (String kind : kinds) {
      JSON.readTree(get(address + "/api/v1/applications/" + application + "/" + kind).body())
          .forEach(found::add);
    }
    return found;
  }

  private HttpResponse<String> get(String address) throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Asks like a program without the secret whether there is a block manager master. */
  private static boolean canAskSpark(int port) {
    SparkConf conf = new SparkConf(false).set("spark.rpc.lookupTimeout", "2s");
    SecurityManager stranger =
        new SecurityManager(
            conf,
            Option.empty(),
            org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE());
    RpcEnv environment = RpcEnv.create("stranger", "127.0.0.1", 0, conf, stranger, true);
    try {
      environment.setupEndpointRef(new RpcAddress("127.0.0.1", port), "BlockManagerMaster");
      return true;
    } catch (Exception e) {
      return false;
    } finally {
      environment.shutdown();
    }
  }

  private static List<Socket> assertOnLoopback(ChildProgram program, int atLeast) {
    List<Socket> sockets = ListeningSockets.of(program.pid());
    assertThat(sockets).hasSizeGreaterThanOrEqualTo(atLeast).allMatch(Socket::isOnLoopback);
    return sockets;
  }

  private static String[] withPage(int port) {
    return new String[] {
      "spark.properties.spark.ui.enabled=true", "spark.properties.spark.ui.port=" + port
    };
  }

  private static ChildProgram run(Path folder, Deployment deployment, String... overrides)
      throws IOException {
    List<String> settings = new ArrayList<>(deployment.given());
    settings.addAll(List.of(overrides));
    return ChildProgram.startedBy(
        folder,
        OPEN_TO_ALL,
        ChildProgram.command(folder, QUICK, ChildProgram.arguments("run", settings)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
