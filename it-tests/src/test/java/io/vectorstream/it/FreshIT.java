package io.vectorstream.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.fresh.FreshMinutes;
import io.vectorstream.fresh.FreshUser;
import io.vectorstream.http.ApiSources;
import io.vectorstream.http.HttpServer;
import io.vectorstream.merge.MinuteDelta;
import io.vectorstream.merge.MinuteState;
import io.vectorstream.merge.UserState;
import io.vectorstream.monitoring.Meters;
import io.vectorstream.store.ActivityCollection;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.network.util.JavaUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Answers with what no batch has merged yet. */
@ExtendWith(SharedServices.class)
class FreshIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ADDRESS = Pattern.compile("The API is at (http://\\S+:\\d+),");

  /** The trigger of a pipeline that merges nothing but what it finds when it starts. */
  private static final String NEVER = "stream.trigger=1d";

  private static final ObjectNode BOOTS =
      Shop.product("boots", "Hiking boots", "Waterproof, of leather", "Outdoor", 129.5);
  private static final ObjectNode TENT =
      Shop.product("tent", "Tent", "For two, to camp in the mountains", "Outdoor", 200);
  private static final ObjectNode MUG =
      Shop.product("mug", "Coffee mug", "Of stoneware", "Kitchen", 8);
  private static final ObjectNode POT =
      Shop.product("pot", "Coffee pot", "For a litre of coffee", "Kitchen", 25);

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void a_click_changes_answers_before_a_batch_merges_it(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment shop = new Deployment(services, folder);
        Meters meters = new Meters()) {
      ObjectNode first = Shop.event("view", "ada", BOOTS);
      shop.send(first, Shop.event("view", "bob", TENT), Shop.event("view", "bob", MUG));
      shop.send(Shop.event("view", "bob", POT));
      merge(shop, 4);
      try (RunningPipeline pipeline = shop.start(NEVER);
          HttpServer server =
              HttpServer.start(
                  shop.settings(),
                  new ApiSources(shop.settings(), Optional.of(pipeline.pipeline()), meters::text),
                  meters.registry())) {
        String url = server.url();
        awaitTrue(() -> get(url + "/users/ada").at("/fresh/complete").asBoolean());
        assertThat(
                get(url + "/recommendations/users/ada?seen_again=true")
                    .at("/results/0/product/id")
                    .asText())
            .isEqualTo("boots");
        assertThat(get(url + "/recommendations/users/eve").path("strategy").asText())
            .isEqualTo("trending");

        ObjectNode click = Shop.event("add_to_cart", "ada", MUG);
        ObjectNode bought = Shop.event("purchase", "ada", BOOTS);
        ObjectNode copyOfStored = first.deepCopy();
        shop.send(click, click.deepCopy(), bought, copyOfStored, Shop.event("view", "eve", POT));
        shop.send(
            List.of(new ProducerRecord<>(shop.settings().kafka().topic(), "{".getBytes(UTF_8))));

        awaitTrue(() -> get(url + "/recommendations/users/ada").at("/fresh/events").asLong() == 2);
        awaitTrue(() -> get(url + "/recommendations/users/eve").at("/fresh/events").asLong() == 1);
        JsonNode ada = get(url + "/users/ada");
        assertThat(ada.path("counts").path("view").asLong()).isEqualTo(1);
        assertThat(ada.path("counts").path("add_to_cart").asLong()).isEqualTo(1);
        assertThat(ada.path("counts").path("purchase").asLong()).isEqualTo(1);
        assertThat(ada.at("/fresh/complete").asBoolean()).isTrue();
        assertThat(ada.at("/fresh/latest").asText()).isEqualTo(bought.path("timestamp").asText());
        assertThat(shop.stored().users().get("ada").payload().at("/counts/purchase").asLong())
            .as("what is stored")
            .isZero();

        JsonNode forAda = get(url + "/recommendations/users/ada");
        assertThat(ids(forAda)).as("neither bought nor seen").doesNotContain("boots", "mug");
        assertThat(ids(get(url + "/recommendations/users/ada?seen_again=true")))
            .doesNotContain("boots")
            .contains("mug");
        JsonNode forEve = get(url + "/recommendations/users/eve");
        assertThat(forEve.path("strategy").asText()).isEqualTo("interest");
        assertThat(ids(forEve)).doesNotContain("pot");
        assertThat(ids(get(url + "/recommendations/users/eve?seen_again=true")).get(0))
            .isEqualTo("pot");
        // Used again for two seconds.
        awaitTrue(() -> get(url + "/stats/trending").at("/fresh/events").asLong() == 3);
        assertThat(get(url + "/stats/trending").at("/products/0/product/id").asText())
            .isEqualTo("boots");
        awaitTrue(() -> get(url + "/stats/funnel").at("/fresh/events").asLong() == 3);
        assertThat(get(url + "/stats/funnel").at("/counts/purchase").asLong()).isEqualTo(1);
        assertThat(meters.text()).contains("vectorstream_fresh_events ");

        pipeline.stop();
        shop.send(Shop.event("view", "ada", TENT));
        awaitTrue(() -> get(url + "/users/ada").at("/fresh/events").asLong() == 3);

        try (ChildProgram program = serve(shop, folder)) {
          String other = address(program);
          awaitTrue(() -> get(other + "/users/ada").at("/fresh/events").asLong() == 3);
          assertThat(get(other + "/users/ada")).isEqualTo(get(url + "/users/ada"));
          merge(shop, 7);
          awaitTrue(() -> get(other + "/users/ada").at("/fresh/events").asLong() == 0);
          assertThat(get(other + "/users/ada")).isEqualTo(get(url + "/users/ada"));
        }
      }
    }
  }

  @Test
  void a_fresh_state_is_what_the_next_batch_stores(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment shop = new Deployment(services, folder);
        VectorStore store = VectorStore.connect(shop.settings().qdrant())) {
      shop.send(Shop.event("view", "ada", BOOTS), Shop.event("purchase", "ada", TENT));
      merge(shop, 2);
      try (FreshEvents fresh = FreshEvents.follow(shop.settings(), store)) {
        awaitTrue(() -> fresh.user("ada").fresh().complete());
        shop.send(
            Shop.event("add_to_cart", "ada", MUG),
            Shop.event("remove_from_cart", "ada", MUG),
            Shop.event("view", "ada", POT),
            Shop.event("search", "ada", null).put("search_query", "something to cook with"),
            Shop.event("wishlist_add", "new", TENT));
        awaitTrue(() -> fresh.user("ada").fresh().events() == 4);
        awaitTrue(() -> fresh.user("new").fresh().events() == 1);
        Map<String, UserState> expected = new HashMap<>();
        for (String user : List.of("ada", "new")) {
          awaitTrue(() -> fresh.user(user).fresh().complete());
          expected.put(user, fresh.user(user).state().orElseThrow());
        }

        merge(shop, 5);

        UserCollection users = new UserCollection(store);
        for (String user : List.of("ada", "new")) {
          assertSame(users.states(List.of(user)).get(user), expected.get(user));
          awaitTrue(() -> fresh.user(user).fresh().events() == 0);
          assertThat(fresh.user(user).state()).isEmpty();
        }
      }
    }
  }

  private static void assertSame(UserState stored, UserState fresh) {
    assertThat(fresh.counts().asMap()).isEqualTo(stored.counts().asMap());
    assertThat(fresh.lastProducts()).isEqualTo(stored.lastProducts());
    assertThat(fresh.firstSeenMicros()).isEqualTo(stored.firstSeenMicros());
    assertThat(fresh.lastSeenMicros()).isEqualTo(stored.lastSeenMicros());
    assertThat(fresh.interest().atMicros()).isEqualTo(stored.interest().atMicros());
    assertThat(fresh.interest().weight()).isCloseTo(stored.interest().weight(), within(1e-9));
    assertThat(fresh.interest().length()).isCloseTo(stored.interest().length(), within(1e-4));
    assertThat(fresh.interest().pending()).isEqualTo(stored.interest().pending());
    for (int i = 0; i < stored.interest().direction().length; i++) {
      assertThat(fresh.interest().direction()[i])
          .isCloseTo(stored.interest().direction()[i], within(1e-4f));
    }
  }

  @Test
  void nothing_is_counted_twice_or_lost_while_batches_merge(Services services, @TempDir Path folder)
      throws Exception {
    List<String> names = List.of("ada", "bob", "eve");
    try (Deployment shop = new Deployment(services, folder);
        VectorStore store = VectorStore.connect(shop.settings().qdrant())) {
      shop.send(Shop.event("view", "ada", BOOTS));
      merge(shop, 1);
      try (FreshEvents fresh = FreshEvents.follow(shop.settings(), store)) {
        awaitTrue(() -> fresh.user("ada").fresh().complete());
        Map<String, AtomicLong> sent = new HashMap<>();
        names.forEach(name -> sent.put(name, new AtomicLong()));
        sent.get("ada").set(1);
        AtomicBoolean over = new AtomicBoolean();
        Watch watch = new Watch(fresh, store, sent);
        Thread watching = new Thread(() -> watch.until(over), "watch");
        watching.start();

        List<ObjectNode> all = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
          long records = 60;
          if (run == 2) {
            // Everything is read again, and nothing counts again.
            JavaUtils.deleteRecursively(folder.resolve("checkpoint").toFile());
            records = 1 + 3 * 60;
          }
          try (RunningPipeline pipeline = shop.start()) {
            for (int i = 0; i < 60; i++) {
              String name = names.get(i % names.size());
              boolean isCopy = i % 7 == 6;
              ObjectNode event =
                  isCopy
                      ? all.get(i * 31 % all.size()).deepCopy()
                      : Shop.event("view", name, i % 2 == 0 ? MUG : POT);
              if (!isCopy) {
                all.add(event);
                sent.get(name).incrementAndGet();
              }
              shop.send(event);
            }
            pipeline.awaitRecords(records);
          }
        }
        for (String name : names) {
          awaitTrue(() -> fresh.user(name).fresh().events() == 0);
        }
        over.set(true);
        watching.join();

        assertThat(watch.failures).isEmpty();
        assertThat(watch.freshSeen).as("answers with something fresh").isPositive();
        names.forEach(
            name -> assertThat(watch.total(name)).as(name).isEqualTo(sent.get(name).get()));
        assertThat(watch.minutes())
            .isEqualTo(sent.values().stream().mapToLong(AtomicLong::get).sum());
      }
      // The last batch has read one partition alone.
      shop.send(Shop.event("view", "zoe", MUG));
      merge(shop, 1);
      try (FreshEvents another = FreshEvents.follow(shop.settings(), store)) {
        awaitTrue(() -> another.user("ada").fresh().complete());
        names.forEach(name -> assertThat(another.user(name).fresh().events()).as(name).isZero());
      }
    }
  }

  @Test
  void of_a_forgotten_user_nothing_is_fresh(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment shop = new Deployment(services, folder);
        VectorStore store = VectorStore.connect(shop.settings().qdrant())) {
      shop.send(Shop.event("view", "ada", BOOTS));
      merge(shop, 1);
      try (FreshEvents fresh = FreshEvents.follow(shop.settings(), store)) {
        shop.send(Shop.event("view", "ada", TENT), Shop.event("view", "eve", TENT));
        for (String user : List.of("ada", "eve")) {
          awaitTrue(() -> fresh.user(user).fresh().events() == 1);
        }

        new ForgetRegister(store).add(List.of("ada", "eve"));

        for (String user : List.of("ada", "eve")) {
          awaitTrue(() -> fresh.user(user).fresh().events() == 0);
          assertThat(fresh.user(user).state()).isEmpty();
          assertThat(fresh.user(user).bought()).isEmpty();
        }
        shop.send(Shop.event("view", "eve", BOOTS), Shop.event("view", "bob", BOOTS));
        awaitTrue(() -> fresh.user("bob").fresh().events() == 1);
        assertThat(fresh.user("eve").fresh().events()).isZero();
        long minute = Watch.now();
        List<Long> wanted = LongStream.rangeClosed(minute - 5, minute).boxed().toList();
        assertThat(fresh.minutes(wanted, new ActivityCollection(store)::states).fresh().events())
            .as("what the shop did")
            .isEqualTo(4);
      }
    }
  }

  @Nightly
  @Test
  void a_topic_that_grows_or_is_created_again_is_followed(Services services, @TempDir Path folder)
      throws Exception {
    try (Deployment shop = new Deployment(services, folder);
        VectorStore store = VectorStore.connect(shop.settings().qdrant());
        Admin kafka = Admin.create(Map.of("bootstrap.servers", services.bootstrapServers()))) {
      String topic = shop.settings().kafka().topic();
      ObjectNode first = Shop.event("view", "ada", BOOTS);
      shop.send(List.of(shop.record(0, null, first)));
      merge(shop, 1);
      try (FreshEvents fresh = FreshEvents.follow(shop.settings(), store)) {
        awaitTrue(() -> fresh.user("ada").fresh().complete());
        int partitions = shop.settings().kafka().partitions();
        kafka.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions + 1))).all().get();
        // A new record lies in the new partition.
        awaitTrue(() -> canSend(shop, partitions, Shop.event("view", "ada", TENT)));
        awaitTrue(() -> fresh.user("ada").fresh().events() == 1);

        kafka.deleteTopics(List.of(topic)).all().get();
        awaitTrue(() -> !kafka.listTopics().names().get().contains(topic));
        kafka.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        // The same place as before, and the same event; then another one.
        awaitTrue(() -> canSend(shop, 0, first));
        awaitTrue(() -> canSend(shop, 0, Shop.event("view", "ada", MUG)));

        awaitTrue(
            () -> {
              FreshUser ada = fresh.user("ada");
              return ada.fresh().complete()
                  && ada.state().isPresent()
                  && ada.state().get().lastProducts().get(0).productId().equals("mug");
            });
        assertThat(fresh.user("ada").fresh().events()).isEqualTo(1);
        assertThat(fresh.user("ada").state().orElseThrow().counts().total()).isEqualTo(2);
      }
    }
  }

  private static boolean canSend(Deployment shop, int partition, ObjectNode event) {
    try {
      shop.send(List.of(shop.record(partition, null, event)));
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Asks again and again, and notes each answer that counts too much, or less than before. */
  private static final class Watch {
    private final FreshEvents fresh;
    private final UserCollection users;
    private final ActivityCollection activity;
    private final Map<String, AtomicLong> sent;
    private final Map<String, Long> seen = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final long firstMinute = now();
    private long freshSeen;

    private Watch(FreshEvents fresh, VectorStore store, Map<String, AtomicLong> sent) {
      this.fresh = fresh;
      this.users = new UserCollection(store);
      this.activity = new ActivityCollection(store);
      this.sent = sent;
    }

    private void until(AtomicBoolean over) {
      while (!over.get()) {
        try {
          for (String name : sent.keySet()) {
            long total = total(name);
            check(name, total, sent.get(name).get());
          }
          long total = minutes();
          check("minutes", total, sent.values().stream().mapToLong(AtomicLong::get).sum());
        } catch (RuntimeException e) {
          failures.add(e.toString());
        }
      }
    }

    private void check(String name, long total, long most) {
      if (total > most) {
        failures.add("%s: %d of %d".formatted(name, total, most));
      }
      if (total < seen.getOrDefault(name, 0L)) {
        failures.add("%s: %d after %d".formatted(name, total, seen.get(name)));
      }
      seen.put(name, total);
    }

    private long total(String name) {
      FreshUser user = fresh.user(name);
      freshSeen += user.fresh().events();
      return user.state()
          .or(() -> Optional.ofNullable(users.states(List.of(name)).get(name)))
          .map(state -> state.counts().total())
          .orElse(0L);
    }

    private long minutes() {
      List<Long> wanted = LongStream.rangeClosed(firstMinute - 1, now()).boxed().toList();
      FreshMinutes minutes = fresh.minutes(wanted, activity::states);
      return minutes.states().values().stream()
          .map(MinuteState::counts)
          .mapToLong(counts -> counts.total())
          .sum();
    }

    private static long now() {
      return MinuteDelta.minuteOf(TimeUnit.MILLISECONDS.toMicros(Instant.now().toEpochMilli()));
    }
  }

  /** Runs a pipeline until it has accounted for that many more records. */
  private static void merge(Deployment shop, long records) {
    try (RunningPipeline pipeline = shop.start()) {
      pipeline.awaitRecords(records);
      pipeline.await(() -> shop.stored().countPending() == 0);
    }
  }

  private static ChildProgram serve(Deployment shop, Path folder) throws Exception {
    List<String> settings = new ArrayList<>(shop.given());
    settings.add("http.port=0");
    return ChildProgram.withClassPath(
        folder.resolve("serve"), System.getProperty("java.class.path"), "serve", settings);
  }

  private static String address(ChildProgram program) {
    program.awaitText("Embedding with");
    Matcher address = ADDRESS.matcher(program.said());
    assertThat(address.find()).as(program.said()).isTrue();
    return address.group(1);
  }

  private static List<String> ids(JsonNode answer) {
    List<String> ids = new ArrayList<>();
    answer.path("results").forEach(hit -> ids.add(hit.at("/product/id").asText()));
    return ids;
  }

  private JsonNode get(String url) throws Exception {
    return JSON.readTree(
        client
            .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
            .body());
  }

  private static void awaitTrue(Callable<Boolean> condition) {
    await().atMost(Deployment.PATIENCE).until(condition);
  }
}
