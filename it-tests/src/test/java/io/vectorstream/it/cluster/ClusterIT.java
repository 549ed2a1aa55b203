package io.vectorstream.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.it.cluster.ExecutorRules.Place;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar for a cluster, run by spark-submit with two executors in processes of their own, which
 * have nothing but a Spark installation and that jar.
 */
@ExtendWith(SharedServices.class)
class ClusterIT {
  private static final int PRODUCTS = 120;
  private static final int USERS = 40;
  private static final List<String> TYPES =
      List.of("view", "view", "add_to_cart", "wishlist_add", "remove_from_cart", "purchase");

  private static final Pattern BATCH = Pattern.compile("batch \\d+: ([\\d,]+) records");

  private static final Pattern URL = Pattern.compile("the API are at (http://[\\w.:]+\\d)");

  private final Random random = new Random(5);
  private final List<ObjectNode> sent = new ArrayList<>();
  private long records;

  @Test
  void two_executors_embed_each_product_once_and_count_exactly_even_if_they_are_killed(
      Services services, @TempDir Path folder) throws Exception {
    SparkHome spark = SparkHome.create();
    ExecutorRules rules = ExecutorRules.write(folder);
    try (Deployment deployment =
            new Deployment(services, folder, "embedding.threads=1", "qdrant.upsert_batch=50");
        ChildProgram program = submit(spark, rules, deployment, folder)) {
      program.awaitText("The page and the API are at ");

      send(deployment, 1_000, 0);
      awaitCommitted(program, deployment);
      assertThat(spark.executorsSaid())
          .as("models loaded by each executor")
          .hasSize(2)
          .allSatisfy(said -> assertThat(ExecutorRules.modelsLoaded(said)).isEqualTo(1))
          .as("texts embedded by each executor")
          .allSatisfy(said -> assertThat(ExecutorRules.textsEmbedded(said)).isPositive());
      assertThat(textsEmbedded(spark)).as("texts embedded by both").isEqualTo(PRODUCTS);

      assertThat(get(program, "/health/ready")).contains("up");
      assertThat(get(program, "/openapi.json")).contains("/products/{id}");
      assertThat(get(program, "/products/p7")).contains("Product number 7");

      // Their texts are known: whichever executor has one of them now finds its vector.
      send(deployment, 1_000, 0);
      awaitCommitted(program, deployment);
      assertThat(textsEmbedded(spark)).as("texts embedded by both").isEqualTo(PRODUCTS);

      for (Place place : places()) {
        rules.stopNextAt(place);
        send(deployment, 1_000, PRODUCTS / 4 * (1 + place.ordinal()));
        kill(program, stopped(program, spark, place));
        awaitCommitted(program, deployment);
      }
      assertExact(deployment);
    }
  }

  /** The place where most of a batch has to be done again, and with time for it all of them. */
  private static Set<Place> places() {
    boolean isLong = System.getProperty("resilience", "").equals("long");
    return isLong ? EnumSet.allOf(Place.class) : EnumSet.of(Place.MERGING_PRODUCTS);
  }

  private static ChildProgram submit(
      SparkHome spark, ExecutorRules rules, Deployment deployment, Path folder) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run"));
    deployment.given().forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return spark.submit(
        folder,
        "local-cluster[2,1,1024]",
        Map.of(
            "spark.executor.extraJavaOptions",
            rules.javaAgent() + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            // Both are there before the first batch.
            "spark.cores.max",
            "2",
            "spark.scheduler.minRegisteredResourcesRatio",
            "1.0"),
        arguments);
  }

  /**
   * @param newProducts how many products nobody has seen are among them
   */
  private void send(Deployment deployment, int events, int newProducts) {
    int first = PRODUCTS * Math.min(1, newProducts) * 10 + newProducts;
    List<ObjectNode> batch = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      int product = i < PRODUCTS ? i : random.nextInt(PRODUCTS);
      if (newProducts > 0 && i % 8 == 0) {
        product = first + random.nextInt(newProducts);
      }
      batch.add(
          Shop.event(
              TYPES.get(random.nextInt(TYPES.size())),
              "user" + random.nextInt(USERS),
              Shop.product(
                  "p" + product,
                  "Product number " + product,
                  "One of its kind",
                  product % 2 == 0 ? "Home" : "Garden",
                  product + 0.25)));
    }
    // One in ten comes twice.
    List<ObjectNode> copies = batch.stream().filter(event -> random.nextInt(10) == 0).toList();
    sent.addAll(batch);
    batch.addAll(copies);
    records += batch.size();
    deployment.send(batch.toArray(ObjectNode[]::new));
  }

  /** Waits until everything that was sent is in a committed batch, and nothing is pending. */
  private void awaitCommitted(ChildProgram program, Deployment deployment) {
    program.await(() -> recordsCommitted(program.said()) == records);
    program.await(() -> deployment.stored().countPending() == 0);
  }

  private static long recordsCommitted(String said) {
    return BATCH
        .matcher(said)
        .results()
        .mapToLong(batch -> Long.parseLong(batch.group(1).replace(",", "")))
        .sum();
  }

  /** Waits until an executor is stopped there, and gives its process. */
  private static long stopped(ChildProgram program, SparkHome spark, Place place) {
    program.await(() -> stoppedAt(spark, place) > 0);
    return stoppedAt(spark, place);
  }

  private static long stoppedAt(SparkHome spark, Place place) {
    return ExecutorRules.stoppedAt(place, String.join("\n", spark.executorsSaid()));
  }

  private static void kill(ChildProgram program, long pid) {
    ProcessHandle executor =
        program.descendants().filter(process -> process.pid() == pid).findAny().orElseThrow();
    executor.destroyForcibly();
    executor.onExit().join();
  }

  /** Asks the API, which shows that its server's classes have found each other in the jar. */
  private static String get(ChildProgram program, String path)
      throws IOException, InterruptedException {
    Matcher url = URL.matcher(program.said());
    assertThat(url.find()).isTrue();
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url.group(1) + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
    return response.body();
  }

  private static long textsEmbedded(SparkHome spark) {
    return spark.executorsSaid().stream().mapToLong(ExecutorRules::textsEmbedded).sum();
  }

  private void assertExact(Deployment deployment) {
    Recomputation expected = new Recomputation(deployment.settings(), sent);
    assertThat(deployment.stored().countEvents()).isEqualTo(expected.eventCount());
    StoreAssertions.assertProducts(
        deployment.stored().products(),
        expected.products(),
        EmbeddingService.shared(deployment.settings().embedding()));
    StoreAssertions.assertUsers(deployment.stored().users(), expected.users());
  }
}
