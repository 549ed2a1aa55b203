package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.it.Stored.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Texts that come in faster than they are embedded, for as long as the test watches. */
@ExtendWith(SharedServices.class)
class ChangingTextsIT {

  private static final int PRODUCTS = 60;
  private static final int AT_ONCE = 240;
  private static final int BETWEEN_MS = 250;
  private static final int TEXTS_PER_PRODUCT = 3;
  private static final int PENDING_TEXTS = 40;

  /** Products whose descriptions differ in a number are about the same. */
  private static final double ALIKE = 0.8;

  @Test
  void what_waits_stays_bounded_nothing_starves_and_all_that_is_counted_is_exact(
      Services services, @TempDir Path folder) throws InterruptedException {
    List<ObjectNode> sent = new CopyOnWriteArrayList<>();
    List<ObjectNode> calm = new ArrayList<>();
    try (Deployment deployment =
            new Deployment(
                services,
                folder,
                "stream.embedding_time=1ms",
                "interest.texts_per_product=" + TEXTS_PER_PRODUCT);
        RunningPipeline pipeline = deployment.start()) {
      AtomicLong left = new AtomicLong();
      ScheduledExecutorService shop = Executors.newSingleThreadScheduledExecutor();
      shop.scheduleAtFixedRate(
          () -> {
            List<ObjectNode> events = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
              events.add(onlyFewLeft(i % PRODUCTS, left.incrementAndGet()));
            }
            deployment.send(events.toArray(ObjectNode[]::new));
            sent.addAll(events);
          },
          0,
          BETWEEN_MS,
          TimeUnit.MILLISECONDS);
      try {
        pipeline.await(() -> pendingProducts(deployment) > PRODUCTS / 2);
        for (int i = 0; i < 10; i++) {
          calm.add(Shop.event("search", "ada", null).put("search_query", "garden chair " + i));
          calm.add(Shop.event("view", "ada", Shop.product("calm", "Chair", "No " + i / 5, "", 9)));
        }
        deployment.send(calm.toArray(ObjectNode[]::new));
        pipeline.await(() -> deployment.stored().users().containsKey("ada"));
        pipeline.await(
            () -> {
              assertBounded(deployment);
              return waitsForNothing(deployment.stored().users().get("ada"))
                  && pendingProducts(deployment) > PRODUCTS / 2;
            });
      } finally {
        shop.shutdown();
        assertThat(shop.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      }
      pipeline.awaitRecords(sent.size() + calm.size());
      pipeline.await(() -> deployment.stored().countPending() == 0);

      Map<String, Point> users = deployment.stored().users();
      StoreAssertions.assertUsers(
          Map.of("ada", users.get("ada")), new Recomputation(deployment.settings(), calm).users());
      sent.addAll(calm);
      EmbeddingService embeddings = EmbeddingService.shared(deployment.settings().embedding());
      Map<String, Recomputation.Product> products =
          new Recomputation(deployment.settings(), sent).products();
      StoreAssertions.assertProducts(deployment.stored().products(), products, embeddings);
      for (int i = 0; i < PRODUCTS; i++) {
        assertInterest(
            users.get("user-" + i),
            products.get("product-" + i).counts().get("view"),
            StoreAssertions.embedding(embeddings, products.get("product-" + i).newest()));
      }
    }
  }

  @Test
  void a_user_who_touches_everything_has_a_small_point_and_the_weight_of_all(
      Services services, @TempDir Path folder) {
    int each = 400;
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      ObjectNode product = Shop.product("thing-" + i, "Thing " + i, "The " + i + "th", "", 1);
      events.add(Shop.event("view", "robot", product));
      events.add(Shop.event("search", "robot", null).put("search_query", "number " + i));
    }
    try (Deployment deployment =
            new Deployment(
                services,
                folder,
                "stream.embedding_time=1ms",
                "interest.pending_texts=" + PENDING_TEXTS);
        RunningPipeline pipeline = deployment.start()) {
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      pipeline.pipeline().bindTo(meters);
      double before = leftOut(meters);
      deployment.send(events.toArray(ObjectNode[]::new));
      pipeline.await(
          () -> {
            Point robot = deployment.stored().users().get("robot");
            assertThat(robot == null ? 0 : pending(robot)).isLessThanOrEqualTo(PENDING_TEXTS);
            return pipeline.totals().records() >= events.size();
          });
      pipeline.await(() -> deployment.stored().countPending() == 0);

      Point robot = deployment.stored().users().get("robot");
      assertThat(robot.counts()).isEqualTo(Map.of("view", (long) each, "search", (long) each));
      assertThat(robot.payload().at("/interest/weight").doubleValue())
          .isCloseTo(2 * each, within(0.01 * each));
      assertThat(robot.vector()).isNotNull();
      assertThat(leftOut(meters)).isGreaterThan(before + each);
    }
  }

  private static double leftOut(SimpleMeterRegistry meters) {
    return meters.get("vectorstream.interest.left.out.shares").functionCounter().count();
  }

  private static ObjectNode onlyFewLeft(int number, long left) {
    return Shop.event(
        "view",
        "user-" + number,
        Shop.product(
            "product-" + number,
            "Garden chair " + number,
            "A folding chair of oiled acacia for balcony and garden. Only %d left".formatted(left),
            "Garden",
            40));
  }

  private static long pendingProducts(Deployment deployment) {
    return deployment.stored().products().values().stream()
        .filter(product -> product.payload().has("embedding_pending"))
        .count();
  }

  private static void assertBounded(Deployment deployment) {
    deployment
        .stored()
        .products()
        .values()
        .forEach(
            product ->
                assertThat(product.payload().path("pending_texts").size())
                    .isLessThanOrEqualTo(TEXTS_PER_PRODUCT));
    deployment
        .stored()
        .users()
        .forEach(
            (id, user) -> {
              if (!id.equals("ada")) {
                assertThat(pending(user)).isLessThanOrEqualTo(TEXTS_PER_PRODUCT);
              }
            });
  }

  private static int pending(Point user) {
    return user.payload().at("/interest/pending_products").size()
        + user.payload().at("/interest/pending_queries").size();
  }

  private static boolean waitsForNothing(Point user) {
    return pending(user) == 0;
  }

  /** All of the weight, and the direction of texts that are nearly the same. */
  private static void assertInterest(Point user, long views, float[] newest) {
    double weight = user.payload().at("/interest/weight").doubleValue();
    assertThat(user.counts()).isEqualTo(Map.of("view", views));
    assertThat(weight).isCloseTo(views, within(0.01 * views));
    assertThat(user.payload().at("/interest/length").doubleValue())
        .isBetween(ALIKE * weight, 1.0001 * weight);
    double cosine = 0;
    for (int i = 0; i < newest.length; i++) {
      cosine += newest[i] * user.vector()[i];
    }
    assertThat(cosine).isGreaterThan(ALIKE);
  }
}
