package io.vectorstream.merge;

import io.vectorstream.embedding.ProductText;
import io.vectorstream.event.ShopEvent;
import java.io.Serializable;
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
  private long revenueUnits;
  private long firstSeenMicros = Long.MAX_VALUE;
  private long lastSeenMicros = Long.MIN_VALUE;
  private double trend = Trend.NONE;

  /**
   * Adds an event with a product.
   *
   * @return the hash of the product's text as this event has it
   */
  public String add(ShopEvent event) {
    counts.add(event.type(), 1);
    revenueUnits = Revenue.sum(revenueUnits, Revenue.units(event.revenue()));
    firstSeenMicros = Math.min(firstSeenMicros, event.eventTimeMicros());
    lastSeenMicros = Math.max(lastSeenMicros, event.eventTimeMicros());
    trend = Trend.sum(trend, Trend.of(event));
    ProductVersion version = version(event);
    if (newest == null || version.supersedes(newest)) {
      newest = version;
    }
    return version.textHash();
  }

  /**
   * Most events describe the product just as the one before: hashing the text again would be the
   * same work again.
   */
  private ProductVersion version(ShopEvent event) {
    ShopEvent.Product product = event.product();
    if (newest != null && newest.sameText(product)) {
      return new ProductVersion(product, newest.textHash(), event.eventTimeMicros());
    }
    String text = ProductText.of(product.name(), product.description(), product.category());
    String hash = ProductText.hash(text);
    textsByHash.put(hash, text);
    return new ProductVersion(product, hash, event.eventTimeMicros());
  }

  /** Adds what another task saw of the same product. */
  public ProductDelta add(ProductDelta other) {
    counts.add(other.counts);
    revenueUnits = Revenue.sum(revenueUnits, other.revenueUnits);
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

  long revenueUnits() {
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
