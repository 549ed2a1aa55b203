package io.vectorstream.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** The events of a shop, which the program takes in on a cluster. */
final class ClusterShop {
  static final int PRODUCTS = 120;
  private static final int USERS = 40;
  private static final List<String> TYPES =
      List.of("view", "view", "add_to_cart", "wishlist_add", "remove_from_cart", "purchase");

  /**
   * The program's own settings for a cluster, except that an executor may be silent for 30 s: here
   * the driver starts beside two executors on a few cores, and is late to hear of them.
   */
  private static final Map<String, String> FAIL_OVER =
      Map.of(
          "spark.executor.heartbeatInterval",
          "2s",
          "spark.storage.blockManagerHeartbeatTimeoutMs",
          "30s",
          "spark.network.timeoutInterval",
          "2s",
          "spark.shuffle.io.connectionTimeout",
          "5s",
          "spark.shuffle.io.maxRetries",
          "1",
          "spark.shuffle.io.retryWait",
          "1s");

  private static final Pattern BATCH = Pattern.compile("batch \\d+: ([\\d,]+) records");

  private final Deployment deployment;
  private final ChildProgram program;
  private final Random random = new Random(5);
  private final List<ObjectNode> sent = new ArrayList<>();
  private long records;

  ClusterShop(Deployment deployment, ChildProgram program) {
    this.deployment = deployment;
    this.program = program;
  }

  /**
   * Runs the program by spark-submit, with two executors of one core.
   *
   * @param settings beside those of the deployment
   */
  static ChildProgram submit(
      SparkHome spark,
      String master,
      ExecutorRules rules,
      Deployment deployment,
      Path folder,
      List<String> settings)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run"));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    deployment.given().forEach(setting -> arguments.addAll(List.of("--set", setting)));
    Map<String, String> properties = new HashMap<>(FAIL_OVER);
    properties.put(
        "spark.executor.extraJavaOptions",
        rules.javaAgent() + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    // Both are there before the first batch.
    properties.put("spark.cores.max", "2");
    properties.put("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    return spark.submit(folder, master, properties, arguments);
  }

  /**
   * @param newProducts how many new products are among them
   */
  void send(int events, int newProducts) {
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
  void awaitCommitted() {
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

  /** Compares the whole store with a recomputation of what was sent. */
  void assertExact() {
    Recomputation expected = new Recomputation(deployment.settings(), sent);
    assertThat(deployment.stored().countEvents()).isEqualTo(expected.eventCount());
    StoreAssertions.assertProducts(
        deployment.stored().products(),
        expected.products(),
        EmbeddingService.shared(deployment.settings().embedding()));
    StoreAssertions.assertUsers(deployment.stored().users(), expected.users());
    StoreAssertions.assertPairs(deployment, expected.pairs());
  }
}
