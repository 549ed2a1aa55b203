package io.vectorstream.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.OtlpCollector;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.cluster.ExecutorRules.Place;
import io.vectorstream.it.host.ListeningSockets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar for a cluster, run by spark-submit with two executors in processes of their own, which
 * have nothing but a Spark installation and that jar.
 */
@ExtendWith(SharedServices.class)
class ClusterIT {
  private static final String AUTHORIZATION = "Bearer Dunlin-0815-traces";
  private static final int PRODUCTS = ClusterShop.PRODUCTS;
  private static final Pattern URL = Pattern.compile("the API are at (http://[\\w.:]+\\d)");

  @Test
  void two_executors_embed_each_product_once_and_count_exactly_even_if_they_are_killed(
      Services services, @TempDir Path folder) throws Exception {
    SparkHome spark = SparkHome.create(ClusterIT.class);
    ExecutorRules rules = ExecutorRules.write(folder);
    try (OtlpCollector collector = new OtlpCollector();
        Deployment deployment =
            new Deployment(
                services,
                folder,
                "embedding.threads=1",
                "qdrant.upsert_batch=50",
                key(services),
                "tracing.otlp_endpoint=" + collector.address(),
                "tracing.otlp_authorization=" + AUTHORIZATION);
        ChildProgram program =
            ClusterShop.submit(
                spark, "local-cluster[2,1,1024]", rules, deployment, folder, List.of())) {
      ClusterShop shop = new ClusterShop(deployment, program);
      program.awaitText("The page and the API are at ");

      shop.send(1_000, 0);
      shop.awaitCommitted();
      assertOnLoopback(program);
      assertThat(spark.executorsSaid())
          .as("models loaded by each executor")
          .hasSize(2)
          .allSatisfy(said -> assertThat(ExecutorRules.modelsLoaded(said)).isEqualTo(1))
          .as("texts embedded by each executor")
          .allSatisfy(said -> assertThat(ExecutorRules.textsEmbedded(said)).isPositive());
      assertThat(textsEmbedded(spark)).as("texts embedded by both").isEqualTo(PRODUCTS);
      assertThatExecutorsTrace(collector, program);

      assertThat(get(program, "/health/ready")).contains("up");
      assertThat(get(program, "/openapi.json")).contains("/products/{id}");
      assertThat(get(program, "/products/p7")).contains("Product number 7");

      // Their texts are known: an executor that has one of them now finds its vector.
      shop.send(1_000, 0);
      shop.awaitCommitted();
      assertThat(textsEmbedded(spark)).as("texts embedded by both").isEqualTo(PRODUCTS);

      for (Place place : places()) {
        rules.stopNextAt(place);
        shop.send(1_000, PRODUCTS / 4 * (1 + place.ordinal()));
        kill(program, stopped(program, spark, place));
        shop.awaitCommitted();
      }
      shop.assertExact();
    }
  }

  /** Each sends its own part of the trace of a batch, as it knows it from the driver. */
  private static void assertThatExecutorsTrace(OtlpCollector collector, ChildProgram program) {
    for (String executor : List.of("executor 0", "executor 1")) {
      program.await(
          () ->
              collector.spans(executor).stream()
                  .anyMatch(
                      span ->
                          span.getName().startsWith("Upsert ")
                              && isTaskOfAStep(span, executor, collector)));
    }
    assertThat(collector.spans("driver")).extracting(Span::getName).contains("products");
    assertThat(collector.authorizations()).containsExactly(AUTHORIZATION);
  }

  private static boolean isTaskOfAStep(Span call, String executor, OtlpCollector collector) {
    return collector.spans(executor).stream()
        .filter(task -> task.getSpanId().equals(call.getParentSpanId()))
        .filter(task -> task.getName().equals("task"))
        .anyMatch(
            task ->
                collector.spans("driver").stream()
                    .anyMatch(
                        step ->
                            step.getSpanId().equals(task.getParentSpanId())
                                && step.getTraceId().equals(call.getTraceId())));
  }

  /** Returns a key that executors have to ask the driver for; a store without a key accepts any. */
  private static String key(Services services) {
    return "qdrant.api_key="
        + (services.apiKey().isEmpty() ? "Osprey-0815-api" : services.apiKey());
  }

  /** Master, workers, executors and driver are all on one machine, and so are their ports. */
  private static void assertOnLoopback(ChildProgram program) {
    if (ListeningSockets.canBeSeen()) {
      Stream<Long> processes =
          Stream.concat(Stream.of(program.pid()), program.descendants().map(ProcessHandle::pid));
      assertThat(processes.flatMap(pid -> ListeningSockets.of(pid).stream()))
          .hasSizeGreaterThan(6)
          .allMatch(ListeningSockets.Socket::isOnLoopback);
    }
  }

  /** Returns the place where most of a batch has to be repeated; in the long form, all places. */
  private static Set<Place> places() {
    boolean isLong = System.getProperty("resilience", "").equals("long");
    return isLong
        ? EnumSet.of(Place.STORING_EVENTS, Place.MERGING_PRODUCTS)
        : EnumSet.of(Place.MERGING_PRODUCTS);
  }

  /** Waits until an executor is stopped there, and returns its process. */
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
}
