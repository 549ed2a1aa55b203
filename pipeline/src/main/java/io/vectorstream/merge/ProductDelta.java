package io.vectorstream.merge;

import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.ShopEvent;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * What one batch adds to one product. Adding is commutative and associative: however the events
 * were spread over tasks, and in whatever order they came, the sum is the same to the last bit;
 * only the trend, which is a double, is the same but for rounding.
 */
public final class ProductDelta implements Serializable {

  private static final long serialVersionUID = 1L;

  private final EventCounts counts = new EventCounts();
  private final Map<String, String> textsByHash = new HashMap<>(2);
  private ProductVersion newest;
  private BigInteger revenueUnits = BigInteger.ZERO;
  private long firstSeenMicros = Long.MAX_VALUE;
  private long lastSeenMicros = Long.MIN_VALUE;
  private double trend = Trend.NONE;

  /** What an event without a product would add. */
  static EventShare shareWithoutProduct(ShopEvent event) {
    return share(event, null, null);
  }

  /**
   * What an event with a product would add. Most events describe the product just as the one
   * before: hashing the text again would be the same work again.
   *
   * @param before what there is of the product in this batch; null if there is nothing
   */
  static EventShare share(ShopEvent event, ProductDelta before) {
    ShopEvent.Product product = event.product();
    long time = event.countedAtMicros();
    if (before != null && before.newest.sameText(product)) {
      return share(event, new ProductVersion(product, before.newest.textHash(), time), null);
    }
    String text = ProductText.of(product.name(), product.description(), product.category());
    return share(event, new ProductVersion(product, ProductText.hash(text), time), text);
  }

  private static EventShare share(ShopEvent event, ProductVersion version, String text) {
    return new EventShare(
        event,
        version,
        text,
        Revenue.units(event),
        Trend.of(event),
        MinuteDelta.minuteOf(event.countedAtMicros()));
  }

  /**
   * Adds an event with a product.
   *
   * @return the hash of the product's text as this event has it
   */
  public String add(ShopEvent event) {
    EventShare share = share(event, newest == null ? null : this);
    add(share);
    return share.textHash();
  }

  void add(EventShare share) {
    long time = share.event().countedAtMicros();
    counts.add(share.event().type(), 1);
    revenueUnits = revenueUnits.add(share.revenueUnits());
    firstSeenMicros = Math.min(firstSeenMicros, time);
    lastSeenMicros = Math.max(lastSeenMicros, time);
    trend = Trend.sum(trend, share.trend());
    if (share.text() != null) {
      textsByHash.put(share.textHash(), share.text());
    }
    if (newest == null || share.version().supersedes(newest)) {
      newest = share.version();
    }
  }

  /** Adds what another task saw of the same product. */
  public ProductDelta add(ProductDelta other) {
    counts.add(other.counts);
    revenueUnits = revenueUnits.add(other.revenueUnits);
    firstSeenMicros = Math.min(firstSeenMicros, other.firstSeenMicros);
    lastSeenMicros = Math.max(lastSeenMicros, other.lastSeenMicros);
    trend = Trend.sum(trend, other.trend);
    if (other.newest.supersedes(newest)) {
      newest = other.newest;
    }
    textsByHash.putAll(other.textsByHash);
    return this;
  }

  public String productId() {
    return newest.product().id();
  }

  /** The product as the latest event describes it. */
  public ProductVersion newest() {
    return newest;
  }

  /** Every text that the product had in this batch, by its hash; one, unless it changed. */
  public Map<String, String> textsByHash() {
    return textsByHash;
  }

  /** Characters of its texts: what the size of the product's point grows with. */
  public long size() {
    return productId().length() + textsByHash.values().stream().mapToLong(String::length).sum();
  }

  public EventCounts counts() {
    return counts;
  }

  BigInteger revenueUnits() {
    return revenueUnits;
  }

  long firstSeenMicros() {
    return firstSeenMicros;
  }

  long lastSeenMicros() {
    return lastSeenMicros;
  }

  double trend() {
    return trend;
  }
}
