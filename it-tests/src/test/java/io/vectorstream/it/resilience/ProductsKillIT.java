package io.vectorstream.it.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.it.ChildProgram;
import io.vectorstream.it.Deployment;
import io.vectorstream.it.ProductsTopic;
import io.vectorstream.it.Recomputation;
import io.vectorstream.it.Services;
import io.vectorstream.it.SharedServices;
import io.vectorstream.it.Shop;
import io.vectorstream.it.StoreAssertions;
import io.vectorstream.it.Stored.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program is killed while products change in their topic and events come about them, and
 * products have to be as the topic says, with every event counted once and every broken record one
 * dead letter. {@code -Dresilience.kills} is the number of kills.
 */
@ExtendWith(SharedServices.class)
class ProductsKillIT {

  private static final int PRODUCTS = 40;
  private static final int USERS = 10;

  /** What was sent: one thread sends, and the test looks at it when that has ended. */
  private static final class Sent {
    private final List<ObjectNode> events = new ArrayList<>();
    private final Map<String, ObjectNode> versions = new HashMap<>();
    private final Map<String, String> listings = new HashMap<>();
    private int broken;
  }

  private final ProductsTopic topic = new ProductsTopic();
  private volatile boolean stopped;

  @Test
  void whenever_it_is_killed_products_are_as_their_topic_says_and_events_count_once(
      Services services, @TempDir Path folder) throws Exception {
    long seed = Tally.seed("ProductsKillIT");
    int kills = Integer.getInteger("resilience.kills", Tally.isLong() ? 20 : 1);
    Random random = new Random(seed);
    try (Deployment shop = new Deployment(services, folder, topic.setting())) {
      CompletableFuture<Sent> sending = CompletableFuture.supplyAsync(() -> send(shop, seed));
      try {
        for (Failpoint failpoint : plan(kills, random)) {
          kill(failpoint, random, shop, folder);
        }
      } finally {
        stopped = true;
      }
      Sent sent = sending.get(2, TimeUnit.MINUTES);
      finish(shop, folder, sent);
      assertExact(shop, sent);
    }
  }

  /** Sends changes of products, events about them and broken records, until it is stopped. */
  private Sent send(Deployment shop, long seed) {
    Random random = new Random(seed);
    Sent sent = new Sent();
    while (!stopped) {
      List<ProducerRecord<byte[], byte[]>> products = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        products.add(change(random, sent));
      }
      shop.send(products);
      List<ObjectNode> events = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        ObjectNode product = product(random.nextInt(PRODUCTS), 10);
        String type = random.nextInt(4) == 0 ? "purchase" : "view";
        events.add(Shop.event(type, "user-" + random.nextInt(USERS), product));
      }
      shop.send(events.toArray(ObjectNode[]::new));
      sent.events.addAll(events);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    return sent;
  }

  /**
   * Returns a change of a product. All versions have the same text, which events have, too: so an
   * interest is the same whether the topic or an event comes first.
   */
  private ProducerRecord<byte[], byte[]> change(Random random, Sent sent) {
    int number = random.nextInt(PRODUCTS);
    String id = "product-" + number;
    int kind = random.nextInt(10);
    if (kind == 0) {
      sent.broken++;
      return topic.record(id, "{\"id\": \"%s\"}".formatted(id).getBytes(UTF_8));
    }
    if (kind < 3) {
      sent.listings.put(id, "retired");
      return topic.retirement(id);
    }
    ObjectNode version = product(number, 20 + random.nextInt(1_000_000));
    sent.versions.put(id, version);
    sent.listings.put(id, kind < 5 ? "hidden" : "listed");
    return topic.version(version.deepCopy().put("available", kind >= 5));
  }

  private static ObjectNode product(int number, double price) {
    return Shop.product(
        "product-" + number, "Product " + number, "Like no other " + number, "Things", price);
  }

  /** Returns failpoints and, as null, random times, in random order. */
  private static List<Failpoint> plan(int kills, Random random) {
    List<Failpoint> plan = new ArrayList<>();
    while (plan.size() < kills) {
      List<Failpoint> round = new ArrayList<>(Failpoint.OF_THE_PRODUCTS_TOPIC);
      if (kills > round.size()) {
        round.add(Failpoint.DEAD_LETTERS_UNCOMMITTED);
        round.add(Failpoint.PRODUCTS_PARTLY_MERGED);
        round.add(Failpoint.PENDING_INTERESTS_RESOLVED);
        round.add(null);
      }
      Collections.shuffle(round, random);
      plan.addAll(round);
    }
    return plan.subList(0, kills);
  }

  private static void kill(Failpoint failpoint, Random random, Deployment shop, Path folder)
      throws Exception {
    Path rules = null;
    if (failpoint != null) {
      rules = folder.resolve("rules.btm");
      failpoint.writeRules(rules, 1 + random.nextInt(failpoint.mostHits()));
    }
    List<String> settings = new ArrayList<>(shop.given());
    settings.addAll(KillIT.SMALL_CALLS);
    try (ChildProgram program = ChildProgram.run(folder, rules, settings)) {
      program.awaitText(KillIT.READING);
      String where = "at a random time";
      if (failpoint == null) {
        Thread.sleep(random.nextInt(4_000));
      } else if (program.saysWithin(KillIT.REACHED, Failpoint.REACHED + failpoint)) {
        where = "at " + failpoint;
      }
      program.kill();
      Tally.done("kill with a products topic " + where, 1);
    }
  }

  private static void finish(Deployment shop, Path folder, Sent sent) throws Exception {
    try (ChildProgram program = ChildProgram.run(folder, null, shop.given())) {
      program.awaitText(KillIT.READING);
      Awaitility.await()
          .atMost(Deployment.PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(listings(shop)).isEqualTo(sent.listings);
                assertThat(shop.stored().countEvents()).isEqualTo(sent.events.size());
                assertThat(shop.deadLetters().size()).isGreaterThanOrEqualTo(sent.broken);
                assertThat(shop.stored().countPending()).as("pending").isZero();
                assertThat(counted(shop)).as("of minutes").isEqualTo(sent.events.size());
              });
    }
  }

  private static long counted(Deployment shop) {
    return shop.stored().minutes().values().stream()
        .flatMap(point -> point.counts().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private static Map<String, String> listings(Deployment shop) {
    Map<String, String> listings = new HashMap<>();
    shop.stored()
        .products()
        .forEach(
            (id, point) -> {
              if (point.payload().has("listing")) {
                listings.put(id, point.text("listing"));
              }
            });
    return listings;
  }

  private static void assertExact(Deployment shop, Sent sent) {
    assertThat(shop.deadLetters()).as("dead letters").hasSize(sent.broken);
    Recomputation expected = new Recomputation(shop.settings(), sent.events);
    Map<String, Recomputation.Product> products = new HashMap<>();
    expected
        .products()
        .forEach(
            (id, product) ->
                products.put(
                    id,
                    new Recomputation.Product(
                        product.counts(),
                        product.revenue(),
                        product.firstSeen(),
                        product.lastSeen(),
                        product.trend(),
                        sent.versions.getOrDefault(id, product.newest()))));
    Map<String, Point> stored = new HashMap<>(shop.stored().products());
    stored.keySet().retainAll(products.keySet());
    StoreAssertions.assertProducts(
        stored, products, EmbeddingService.shared(shop.settings().embedding()));
    StoreAssertions.assertUsers(shop.stored().users(), expected.users());
    Tally.counted(sent.events.size(), sent.events.size(), sent.broken, 0, 0, 0);
    System.out.printf(
        "ProductsKillIT: %,d events stored; %d products, of which %d are retired and %d hidden;"
            + " %d broken records, each one dead letter%n",
        sent.events.size(),
        sent.listings.size(),
        Collections.frequency(sent.listings.values(), "retired"),
        Collections.frequency(sent.listings.values(), "hidden"),
        sent.broken);
  }
}
