package io.vectorstream.it;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The expected content of the store after these events, computed from all of them at once: without
 * batches, without merging.
 */
public final class Recomputation {
  private final Settings settings;
  private final EmbeddingService embeddings;
  private final Collection<ObjectNode> events;
  private final Map<String, Instant> takenAt;

  /**
   * @param counts events by type, those of 0 left out
   * @param trend the logarithm to the base 2 of its demand: of the sum of its weighted actions,
   *     each times two to the power of its hours since 1970; minus infinity for nothing
   * @param newest the product as its latest event describes it
   */
  public record Product(
      Map<String, Long> counts,
      BigDecimal revenue,
      Instant firstSeen,
      Instant lastSeen,
      double trend,
      ObjectNode newest) {}

  /**
   * @param counts events by type, those of 0 left out
   */
  public record Minute(Map<String, Long> counts, BigDecimal revenue) {}

  /**
   * @param counts events by type, those of 0 left out
   * @param lastProducts ids, the latest first
   * @param interest the sum of the user's actions, each as its embedding times its decayed weight
   * @param weight the sum of these weights without their signs
   */
  public record User(
      Map<String, Long> counts,
      List<String> lastProducts,
      Instant firstSeen,
      Instant lastSeen,
      double[] interest,
      double weight) {

    /** The length of {@link #interest}. */
    public double length() {
      return Math.sqrt(dot(interest, interest));
    }

    /** The largest difference of a component between a unit vector and the interest's direction. */
    double distance(float[] direction) {
      double largest = 0;
      for (int i = 0; i < direction.length; i++) {
        largest = Math.max(largest, Math.abs(direction[i] - interest[i] / length()));
      }
      return largest;
    }

    private static double dot(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += a[i] * b[i];
      }
      return sum;
    }
  }

  /**
   * @param sent valid events, none of them from the future; of several with the same id only the
   *     first counts
   */
  public Recomputation(Settings settings, Collection<ObjectNode> sent) {
    this(settings, sent, Map.of());
  }

  /**
   * @param sent valid events; of several with the same id only the first counts
   * @param takenAt when Kafka took each of them, by its id: one from the future counts from then on
   */
  public Recomputation(
      Settings settings, Collection<ObjectNode> sent, Map<String, Instant> takenAt) {
    this.settings = settings;
    this.takenAt = takenAt;
    this.embeddings = EmbeddingService.shared(settings.embedding());
    Map<String, ObjectNode> distinct = new LinkedHashMap<>();
    sent.forEach(event -> distinct.putIfAbsent(event.path("event_id").textValue(), event));
    this.events = distinct.values();
  }

  /** Returns the number of events, each counted once. */
  public long eventCount() {
    return events.size();
  }

  public Map<String, Product> products() {
    return events.stream()
        .filter(event -> event.has("product"))
        .collect(groupingBy(Recomputation::productId))
        .entrySet()
        .stream()
        .collect(toMap(Map.Entry::getKey, group -> product(group.getValue())));
  }

  /** Returns the pairs of products; events of one user have to be in the order of their records. */
  public RecomputedPairs pairs() {
    return new RecomputedPairs(settings.interest(), events, this::time);
  }

  /** Returns the minutes by their beginning. */
  public Map<Instant, Minute> minutes() {
    return events.stream()
        .collect(groupingBy(event -> time(event).truncatedTo(ChronoUnit.MINUTES)))
        .entrySet()
        .stream()
        .collect(
            toMap(
                Map.Entry::getKey,
                group -> new Minute(counts(group.getValue()), revenue(group.getValue()))));
  }

  public Map<String, User> users() {
    return events.stream()
        .collect(groupingBy(event -> event.path("user_id").textValue()))
        .entrySet()
        .stream()
        .collect(toMap(Map.Entry::getKey, group -> user(group.getValue())));
  }

  private Product product(List<ObjectNode> events) {
    List<ObjectNode> byTime = events.stream().sorted(Comparator.comparing(this::time)).toList();
    ObjectNode latest = byTime.get(byTime.size() - 1);
    return new Product(
        counts(events),
        revenue(events),
        time(byTime.get(0)),
        time(latest),
        trend(events, time(latest)),
        (ObjectNode) latest.path("product"));
  }

  private static BigDecimal revenue(List<ObjectNode> events) {
    return events.stream().map(Recomputation::revenue).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private double trend(List<ObjectNode> events, Instant latest) {
    double decayed =
        events.stream()
            .mapToDouble(
                event ->
                    demand(event.path("event_type").textValue())
                        * Math.pow(2, -hours(Duration.between(time(event), latest))))
            .sum();
    return Math.log(decayed) / Math.log(2) + hours(Duration.between(Instant.EPOCH, latest));
  }

  private static double hours(Duration duration) {
    return (duration.getSeconds() + duration.getNano() / 1e9) / 3600;
  }

  private static int demand(String eventType) {
    return switch (eventType) {
      case "purchase" -> 5;
      case "add_to_cart" -> 3;
      case "wishlist_add" -> 2;
      case "view" -> 1;
      default -> 0;
    };
  }

  private static BigDecimal revenue(ObjectNode event) {
    if (!event.path("event_type").textValue().equals("purchase")) {
      return BigDecimal.ZERO;
    }
    return event.has("total_amount")
        ? event.path("total_amount").decimalValue()
        : event
            .at("/product/price")
            .decimalValue()
            .multiply(BigDecimal.valueOf(event.path("quantity").asLong(1)));
  }

  private User user(List<ObjectNode> events) {
    Instant now = events.stream().map(this::time).max(Comparator.naturalOrder()).orElseThrow();
    double[] interest = new double[embeddings.dimension()];
    double total = 0;
    for (ObjectNode event : events) {
      double decayed =
          weight(event.path("event_type").textValue()) * decay(Duration.between(time(event), now));
      float[] vector = embeddings.embed(List.of(text(event))).get(0);
      for (int i = 0; i < interest.length; i++) {
        interest[i] += decayed * vector[i];
      }
      total += Math.abs(decayed);
    }
    return new User(
        counts(events),
        lastProducts(events),
        events.stream().map(this::time).min(Comparator.naturalOrder()).orElseThrow(),
        now,
        interest,
        total);
  }

  /** Returns the text of the user's interest: the words of a search, or else the product. */
  private static String text(JsonNode event) {
    if (event.path("event_type").textValue().equals("search") && event.has("search_query")) {
      return event.path("search_query").textValue();
    }
    JsonNode product = event.path("product");
    return ProductText.of(
        product.path("name").textValue(),
        product.path("description").textValue(),
        product.path("category").textValue());
  }

  private double weight(String eventType) {
    Settings.Weights weights = settings.interest().weights();
    return switch (eventType) {
      case "purchase" -> weights.purchase();
      case "add_to_cart" -> weights.addToCart();
      case "wishlist_add" -> weights.wishlistAdd();
      case "view" -> weights.view();
      case "search" -> weights.search();
      case "remove_from_cart" -> weights.removeFromCart();
      default -> throw new IllegalArgumentException("not an event type: " + eventType);
    };
  }

  private double decay(Duration age) {
    return Math.pow(2, -(double) age.toNanos() / settings.interest().halfLife().toNanos());
  }

  private List<String> lastProducts(List<ObjectNode> events) {
    Map<String, Instant> latest = new LinkedHashMap<>();
    for (ObjectNode event : events) {
      if (event.has("product")) {
        latest.merge(productId(event), time(event), (a, b) -> a.isAfter(b) ? a : b);
      }
    }
    List<Map.Entry<String, Instant>> latestFirst = new ArrayList<>(latest.entrySet());
    latestFirst.sort(
        Map.Entry.<String, Instant>comparingByValue()
            .reversed()
            .thenComparing(Map.Entry.comparingByKey()));
    return latestFirst.stream()
        .limit(settings.interest().lastProducts())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<String, Long> counts(List<ObjectNode> events) {
    return events.stream()
        .collect(groupingBy(event -> event.path("event_type").textValue(), counting()));
  }

  private static String productId(JsonNode event) {
    return event.at("/product/id").textValue();
  }

  /** Kafka's times have no more digits than milliseconds. */
  private Instant time(JsonNode event) {
    Instant time = OffsetDateTime.parse(event.path("timestamp").textValue()).toInstant();
    Instant taken = takenAt.get(event.path("event_id").textValue());
    return taken != null && time.isAfter(taken.plusNanos(999_999)) ? taken : time;
  }
}
