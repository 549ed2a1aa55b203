package io.vectorstream.it;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.it.Stored.Point;
import io.vectorstream.local.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code catalog load}, as a user types it, alone and beside a pipeline. */
@ExtendWith(SharedServices.class)
class CatalogLoadIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Here, a pipeline's batch takes seconds, and the load checks for its overwrites. */
  private static final String BATCH_TIME = "stream.batch_time=3s";

  @TempDir private Path folder;

  private record CommandResult(int status, String out, String err) {
    JsonNode json() throws JsonProcessingException {
      return JSON.readTree(out);
    }

    long count(String field) throws JsonProcessingException {
      return json().get(field).longValue();
    }
  }

  private static CommandResult run(Deployment deployment, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command.split(" ")));
    all.addAll(List.of(arguments));
    deployment.given().forEach(setting -> all.addAll(List.of("--set", setting)));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    return new CommandResult(status, out.toString(), err.toString());
  }

  private static CommandResult load(Deployment deployment, Path file) {
    return run(deployment, "catalog load", "--json", file.toString());
  }

  private Path jsonLines(List<ObjectNode> products) throws IOException {
    return Files.writeString(
        folder.resolve("catalogue.jsonl"),
        products.stream().map(JsonNode::toString).collect(Collectors.joining("\n")));
  }

  private static ObjectNode product(int number, String description) {
    return Shop.product(
        "p-" + number, "Lamp number " + number, description, "Home | Light", 10 + number);
  }

  private static List<ObjectNode> products(int count, String description) {
    return IntStream.range(0, count).mapToObj(i -> product(i, description)).toList();
  }

  private static void assertDescribed(
      Map<String, Point> stored, List<ObjectNode> products, EmbeddingService embeddings) {
    for (ObjectNode product : products) {
      Point point = stored.get(product.path("id").textValue());
      assertThat(point.payload().get("product")).isEqualTo(Stored.asStored(product));
      assertThat(point.vector()).as("vector of %s", product).isNotNull();
      StoreAssertions.assertSameDirection(
          point.vector(), StoreAssertions.embedding(embeddings, product));
    }
  }

  @Test
  void a_loaded_product_is_found_before_any_event_and_is_embedded_once(Services services)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("catalogue.csv"),
            """
            id,name,description,category,price
            boots,Hiking boots,"Waterproof, for the mountains",Footwear | Boots,120
            mug,Stoneware mug,,Kitchen,8.50
            lamp,Desk lamp,Of oak,Home | Light,35
            """);
    try (Deployment deployment = new Deployment(services, folder, BATCH_TIME)) {
      CommandResult first = load(deployment, file);

      assertThat(first.status()).as(first.err()).isZero();
      assertThat(first.json().get("complete").booleanValue()).isTrue();
      assertThat(first.count("read")).isEqualTo(3);
      assertThat(first.count("inserted")).isEqualTo(3);
      assertThat(first.count("embedded")).isEqualTo(3);
      CommandResult search = run(deployment, "search", "--json", "--limit", "1", "shoes for rain");
      assertThat(search.out()).contains("boots").doesNotContain("mug");
      Map<String, Point> stored = deployment.stored().products();
      assertThat(stored.get("mug").counts()).isEmpty();
      assertThat(stored.get("mug").payload().has("last_seen")).isFalse();
      assertThat(stored.get("mug").payload().has("trend")).isFalse();

      CommandResult second = load(deployment, file);

      assertThat(second.status()).isZero();
      assertThat(second.count("skipped")).isEqualTo(3);
      assertThat(second.count("embedded")).isZero();
      assertThat(second.count("inserted") + second.count("updated")).isZero();
      assertThat(deployment.stored().products().get("lamp").payload())
          .isEqualTo(stored.get("lamp").payload());
    }
  }

  @Test
  void a_changed_text_is_embedded_again_and_the_counts_stay(Services services) throws IOException {
    ObjectNode before = product(1, "Of oak");
    ObjectNode after = product(1, "Now of steel, for the garden").put("price", 99.5);
    ObjectNode cheaper = product(2, "Of oak").put("price", 1);
    try (Deployment deployment = new Deployment(services, folder, BATCH_TIME)) {
      EmbeddingService embeddings = EmbeddingService.shared(deployment.settings().embedding());
      deployment.send(
          Shop.event("view", "ada", before),
          Shop.event("purchase", "ada", before).put("total_amount", 12.25),
          Shop.event("view", "bob", product(2, "Of oak")));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(3);
      }
      Map<String, Point> counted = deployment.stored().products();

      CommandResult answer = load(deployment, jsonLines(List.of(after, cheaper)));

      assertThat(answer.status()).as(answer.err()).isZero();
      assertThat(answer.count("updated")).isEqualTo(2);
      assertThat(answer.count("embedded")).isEqualTo(1);
      Map<String, Point> stored = deployment.stored().products();
      assertDescribed(stored, List.of(after, cheaper), embeddings);
      for (String field :
          List.of("counts", "revenue", "first_seen", "last_seen", "trend", "batch", "model")) {
        assertThat(stored.get("p-1").payload().get(field))
            .as(field)
            .isEqualTo(counted.get("p-1").payload().get(field));
      }

      // An event from before the load does not bring the older text back, one from after does.
      deployment.send(Shop.event("view", "ada", before, Instant.now().minusSeconds(3600)));
      try (RunningPipeline pipeline = deployment.start()) {
        pipeline.awaitRecords(1);
        assertDescribed(deployment.stored().products(), List.of(after), embeddings);
        deployment.send(Shop.event("view", "ada", before));
        pipeline.awaitRecords(2);
      }
      assertDescribed(deployment.stored().products(), List.of(before), embeddings);
      assertThat(deployment.stored().products().get("p-1").counts())
          .isEqualTo(Map.of("view", 3L, "purchase", 1L));
    }
  }

  @Test
  void counts_are_exact_when_a_load_runs_beside_the_pipeline(Services services) throws IOException {
    int count = 400;
    List<ObjectNode> catalogue = products(count, "As the catalogue has it");
    Path file = jsonLines(catalogue);
    try (Deployment deployment =
        // The longest batch time here, so that the load waits for it.
        new Deployment(services, folder, "stream.batch_time=10s", "stream.trigger=500ms")) {
      EmbeddingService embeddings = EmbeddingService.shared(deployment.settings().embedding());
      try (RunningPipeline pipeline = deployment.start()) {
        CompletableFuture<CommandResult> loading =
            CompletableFuture.supplyAsync(() -> load(deployment, file));
        Instant longAgo = Instant.now().minusSeconds(86_400);
        long views = 0;
        // At least three views of each: before it is loaded, while it is, and after.
        for (int round = 0; round < 3 || !loading.isDone(); round++) {
          for (int from = 0; from < count; from += 50) {
            deployment.send(
                IntStream.range(from, from + 50)
                    .mapToObj(i -> Shop.event("view", "u", product(i, "As it was"), longAgo))
                    .toArray(ObjectNode[]::new));
            views += 50;
            pipeline.awaitRecords(views - 100);
          }
        }
        assertThat(loading.join().status()).as(loading.join().err()).isZero();
        pipeline.awaitRecords(views);
        long each = views / count;

        Map<String, Point> stored = deployment.stored().products();
        assertThat(stored).hasSize(count);
        assertThat(stored.values().stream().collect(toMap(Point::id, Point::counts)).values())
            .allSatisfy(counts -> assertThat(counts).isEqualTo(Map.of("view", each)));
        assertDescribed(stored, catalogue, embeddings);
      }
    }
  }

  @Test
  void a_load_that_was_killed_goes_on_where_it_was(Services services)
      throws IOException, InterruptedException {
    int count = 1500;
    Path file = jsonLines(products(count, "Made of oak, with a shade of linen"));
    try (Deployment deployment = new Deployment(services, folder, BATCH_TIME)) {
      List<String> arguments = new ArrayList<>(List.of("catalog", "load", file.toString()));
      deployment.given().forEach(setting -> arguments.addAll(List.of("--set", setting)));
      long stored;
      try (ChildProgram program = new ChildProgram(folder, Map.of(), arguments)) {
        await()
            .atMost(Deployment.PATIENCE)
            .ignoreExceptions()
            .until(() -> deployment.stored().products().size() >= 256);
        program.kill();
        stored = deployment.stored().products().size();
        assertThat(stored).as("stored when it was killed").isLessThan(count);
      }

      CommandResult again = load(deployment, file);

      assertThat(again.status()).as(again.err()).isZero();
      assertThat(again.count("skipped")).isEqualTo(stored);
      assertThat(again.count("inserted")).isEqualTo(count - stored);
      assertThat(again.count("embedded")).isEqualTo(count - stored);
      assertThat(deployment.stored().products()).hasSize(count);
    }
  }

  @Test
  void rows_that_are_wrong_are_listed_and_the_others_loaded(Services services) throws IOException {
    StringBuilder rows = new StringBuilder("id,name,price\nlamp,Lamp,35\n");
    IntStream.range(0, 12).forEach(i -> rows.append("x").append(i).append(",Pot,free\n"));
    Path file = Files.writeString(folder.resolve("c.csv"), rows.append("mug,Mug,8\n"));
    try (Deployment deployment = new Deployment(services, folder, BATCH_TIME)) {
      CommandResult answer = load(deployment, file);

      assertThat(answer.status()).isEqualTo(1);
      assertThat(answer.count("failed")).isEqualTo(12);
      assertThat(answer.json().get("problems")).hasSize(10);
      assertThat(answer.err().lines())
          .hasSize(12)
          .contains(
              file + ", line 3: price is 'free'; expected a number of 0 or more, such as 12.50",
              "and 2 more",
              "12 rows were not loaded");
      assertThat(deployment.stored().products()).containsOnlyKeys("lamp", "mug");
    }
  }

  @Test
  void an_export_of_a_shop_is_loaded_as_it_is(Services services) throws IOException {
    Path file =
        Files.write(
            folder.resolve("export.csv"),
            """
            Handle;Title;Body (HTML);Type;Option1 Value;Variant Price;Status
            tee;Organic tee;"<p>Soft,
            <b>für</b> summer</p>";Apparel > Shirts;S;1.019,50;active
            tee;;;;"27" wide";9,50;
            tee;;;;M;1.017,50;
            old;Old pot;;Kitchen;;8,00;draft
            mug;Mug 3";;Kitchen;;8,00;active
            """
                .getBytes(Charset.forName("windows-1252")));
    try (Deployment deployment = new Deployment(services, folder, BATCH_TIME)) {
      CommandResult answer = load(deployment, file);

      assertThat(answer.status()).isEqualTo(1);
      assertThat(answer.json().get("format").textValue())
          .isEqualTo("CSV with semicolons, Shopify's columns, windows-1252, a decimal comma");
      assertThat(answer.count("read")).isEqualTo(2);
      assertThat(answer.count("failed")).isEqualTo(1);
      assertThat(answer.count("hidden")).isEqualTo(1);
      assertThat(answer.err()).contains(file + ", line 4: is not CSV: ");
      Map<String, Point> stored = deployment.stored().products();
      assertThat(stored).containsOnlyKeys("tee", "mug");
      JsonNode tee = stored.get("tee").payload().get("product");
      assertThat(tee.get("description").textValue()).isEqualTo("Soft, für summer");
      assertThat(tee.get("category").textValue()).isEqualTo("Apparel | Shirts");
      assertThat(tee.get("price").doubleValue()).isEqualTo(1017.5);
      assertThat(load(deployment, file).count("skipped")).isEqualTo(2);
    }
  }

  @Test
  void a_file_that_cannot_be_a_catalogue_is_wrong_use(Services services) throws IOException {
    Path columns = Files.writeString(folder.resolve("c.csv"), "sku,title,price\n1,Pot,3\n");
    try (Deployment deployment = new Deployment(services, folder, BATCH_TIME)) {
      CommandResult missing = load(deployment, folder.resolve("none.csv"));
      CommandResult wrong = load(deployment, columns);

      assertThat(missing.status()).isEqualTo(2);
      assertThat(missing.err().lines())
          .containsExactly(folder.resolve("none.csv") + ": no such file");
      assertThat(wrong.status()).isEqualTo(2);
      assertThat(wrong.err().lines())
          .singleElement()
          .asString()
          .startsWith(columns + ", line 1: the column id is missing; expected id, name and price");
    }
  }
}
