package io.vectorstream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.it.Recomputation.Minute;
import io.vectorstream.it.Recomputation.Product;
import io.vectorstream.it.Recomputation.User;
import io.vectorstream.it.Stored.Point;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Percentage;

/** Comparisons of the store's content with the expected content. */
public final class StoreAssertions {
  /** Servers keep floats, and normalise vectors themselves. */
  public static final double FLOAT = 1e-5;

  /** Times are kept to the microsecond. */
  private static final long MICROS = 1_000;

  /** The share of its weight below which an interest is a small difference of large parts. */
  private static final double DEGENERATE = 0.01;

  /** Half an hour of a half-life of 30 days: an event's time may be that of its batch. */
  private static final double DECAY_PERCENT = 0.1;

  private StoreAssertions() {}

  /** Checks all sums: products, users and minutes. */
  public static void assertSums(Deployment deployment, Recomputation expected) {
    assertProducts(
        deployment.stored().products(),
        expected.products(),
        EmbeddingService.shared(deployment.settings().embedding()));
    assertUsers(deployment.stored().users(), expected.users());
    assertMinutes(deployment.stored().minutes(), expected.minutes());
  }

  /** Checks the same after users were forgotten: their events count for all but these users. */
  public static void assertSumsWithout(
      Deployment deployment, Recomputation expected, Set<String> forgotten) {
    assertProducts(
        deployment.stored().products(),
        expected.products(),
        EmbeddingService.shared(deployment.settings().embedding()));
    Map<String, User> users = new HashMap<>(expected.users());
    users.keySet().removeAll(forgotten);
    assertUsers(deployment.stored().users(), users);
    assertMinutes(deployment.stored().minutes(), expected.minutes());
  }

  /** The setting with which pairs of products are counted. */
  public static final String PAIRS = "interest.pairs.partners=50";

  /**
   * Checks the pairs of products. Of a product with too many partners it checks the sum of all, and
   * that none has more than it should.
   */
  public static void assertPairs(Deployment deployment, RecomputedPairs expected) {
    Map<String, Point> stored = deployment.stored().pairs();
    if (!deployment.settings().interest().pairs().areCounted()) {
      assertThat(stored).as("pairs, which are not counted").isEmpty();
      return;
    }
    assertThat(stored).as("pairs").containsOnlyKeys(expected.partners().keySet());
    int most = deployment.settings().interest().pairs().partners();
    expected
        .partners()
        .forEach((product, partners) -> assertPairs(product, partners, stored, most, expected));
  }

  private static void assertPairs(
      String product,
      Collection<String> partners,
      Map<String, Point> stored,
      int most,
      RecomputedPairs expected) {
    JsonNode payload = stored.get(product).payload();
    Instant at = Instant.parse(payload.get("at").textValue());
    List<String> kept = Shop.texts(payload.get("partners").textValue());
    assertThat(kept).as("partners of %s", product).hasSizeLessThanOrEqualTo(most);
    assertThat(partners).as("partners of %s", product).containsAll(kept);
    for (String engagement : RecomputedPairs.engagements()) {
      byte[] bytes = Base64.getDecoder().decode(payload.get(engagement).textValue());
      DoubleBuffer sums = ByteBuffer.wrap(bytes).asDoubleBuffer();
      assertThat(sums.limit())
          .as("a sum a partner, and one of the rest")
          .isEqualTo(kept.size() + 1);
      double all = sums.get(kept.size());
      for (int i = 0; i < kept.size(); i++) {
        double sum = sums.get(i);
        all += sum;
        double right = expected.sum(product, kept.get(i), engagement, at);
        if (partners.size() <= most) {
          assertThat(sum)
              .as("%s of %s and %s", engagement, product, kept.get(i))
              .isCloseTo(right, withinPercentage(DECAY_PERCENT));
        } else {
          assertThat(sum).isLessThanOrEqualTo(right * (1 + DECAY_PERCENT / 100));
        }
      }
      assertThat(all)
          .as("%s of %s", engagement, product)
          .isCloseTo(expected.sum(product, engagement, at), withinPercentage(DECAY_PERCENT));
    }
    if (partners.size() <= most) {
      assertThat(kept).as("partners of %s", product).containsExactlyInAnyOrderElementsOf(partners);
    }
  }

  private static void assertMinutes(Map<Instant, Point> stored, Map<Instant, Minute> expected) {
    assertThat(stored).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (time, minute) -> {
          Point point = stored.get(time);
          assertThat(point.counts()).as("counts of %s", time).isEqualTo(minute.counts());
          assertThat(point.payload().get("revenue").doubleValue())
              .as("revenue of %s", time)
              .isCloseTo(minute.revenue().doubleValue(), within(1e-6));
        });
  }

  public static void assertProducts(
      Map<String, Point> stored, Map<String, Product> expected, EmbeddingService embeddings) {
    assertThat(stored).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (id, product) -> {
          Point point = stored.get(id);
          assertThat(point.counts()).as("counts of product %s", id).isEqualTo(product.counts());
          assertThat(point.payload().get("revenue").doubleValue())
              .as("revenue of product %s", id)
              .isCloseTo(product.revenue().doubleValue(), within(1e-6));
          assertTrend(point, id, product.trend());
          assertThat(point.payload().get("product"))
              .as("product %s", id)
              .isEqualTo(Stored.asStored(product.newest()));
          assertSeen(point, product.firstSeen(), product.lastSeen());
          assertSameDirection(point.vector(), embedding(embeddings, product.newest()));
        });
  }

  private static void assertTrend(Point point, String id, double expected) {
    if (expected == Double.NEGATIVE_INFINITY) {
      assertThat(point.payload().has("trend")).as("trend of product %s", id).isFalse();
    } else {
      assertThat(point.payload().path("trend").doubleValue())
          .as("trend of product %s", id)
          .isCloseTo(expected, within(1e-6));
    }
  }

  public static float[] embedding(EmbeddingService embeddings, JsonNode product) {
    return embeddings
        .embed(
            List.of(
                ProductText.of(
                    product.path("name").textValue(),
                    product.path("description").textValue(),
                    product.path("category").textValue())))
        .get(0);
  }

  public static void assertUsers(Map<String, Point> stored, Map<String, User> expected) {
    assertThat(stored).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (id, user) -> {
          Point point = stored.get(id);
          assertThat(point.counts()).as("counts of user %s", id).isEqualTo(user.counts());
          assertThat(lastProducts(point))
              .as("last products of user %s", id)
              .isEqualTo(user.lastProducts());
          assertSeen(point, user.firstSeen(), user.lastSeen());
          assertInterest(point, id, user);
        });
    assertThat(expected.values())
        .as("users whose interest is no difference of nearly equal parts")
        .anyMatch(user -> !isDegenerate(user));
  }

  private static void assertInterest(Point point, String id, User user) {
    JsonNode interest = point.payload().get("interest");
    assertThat(interest.get("weight").doubleValue())
        .as("weight of the interest of user %s", id)
        .isCloseTo(user.weight(), Percentage.withPercentage(0.1));
    if (isDegenerate(user)) {
      return;
    }
    assertThat(interest.get("length").doubleValue())
        .as("length of the interest of user %s", id)
        .isCloseTo(user.length(), Percentage.withPercentage(0.1));
    assertThat(point.vector()).as("interest of user %s", id).isNotNull();
    assertThat(user.distance(point.vector()))
        .as(
            "largest difference of a component between the interest of user %s and its"
                + " recomputation",
            id)
        .isLessThan(1e-4);
  }

  private static boolean isDegenerate(User user) {
    return user.length() < DEGENERATE * user.weight();
  }

  private static List<String> lastProducts(Point user) {
    return StreamSupport.stream(user.payload().get("last_products").spliterator(), false)
        .map(seen -> seen.get("id").textValue())
        .toList();
  }

  private static void assertSeen(Point point, Instant first, Instant last) {
    assertThat(Instant.parse(point.text("first_seen"))).isBetween(first.minusNanos(MICROS), first);
    assertThat(Instant.parse(point.text("last_seen"))).isBetween(last.minusNanos(MICROS), last);
  }

  public static void assertSameDirection(float[] actual, float[] expected) {
    assertThat(actual).hasSize(expected.length);
    double squares = 0;
    double dot = 0;
    for (int i = 0; i < actual.length; i++) {
      squares += (double) actual[i] * actual[i];
      dot += (double) actual[i] * expected[i];
    }
    assertThat(squares).as("squared length of the vector").isCloseTo(1, within(FLOAT));
    assertThat(dot).as("cosine with the embedding").isCloseTo(1, within(FLOAT));
  }
}
