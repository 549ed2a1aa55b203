package io.vectorstream.merge;

import io.vectorstream.event.ShopEvent;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The changes that one batch makes to one product. Adding is commutative and associative: however
 * the events were spread over tasks, and in whatever order they came, the sum is the same to the
 * last bit; only the trend, which is a double, may differ by rounding.
 *
 * <p>Of more different texts than it may hold it keeps those with the lowest hashes, and the
 * newest.
 */
public final class ProductDelta implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The multiple of the bound at which texts are sorted: sorting after each one would be slow. */
  private static final int SLACK = 2;

  private final EventCounts counts = new EventCounts();
  private final Map<String, String> textsByHash = new HashMap<>(2);
  private final int mostTexts;
  private boolean furtherTexts;
  private ProductVersion newest;
  private BigInteger revenueUnits = BigInteger.ZERO;
  private long firstSeenMicros = Long.MAX_VALUE;
  private long lastSeenMicros = Long.MIN_VALUE;
  private double trend = Trend.NONE;

  /**
   * @param mostTexts different texts that are kept apart
   */
  public ProductDelta(int mostTexts) {
    this.mostTexts = mostTexts;
  }

  /**
   * Adds an event with a product.
   *
   * @return the hash of the product's text as this event has it
   */
  public String add(ShopEvent event) {
    ProductVersion version = ProductVersion.of(event, newest);
    add(EventShare.of(event, version, null));
    return version.textHash();
  }

  void add(EventShare share) {
    long time = share.event().countedAtMicros();
    counts.add(share.event().type(), 1);
    revenueUnits = revenueUnits.add(share.revenueUnits());
    firstSeenMicros = Math.min(firstSeenMicros, time);
    lastSeenMicros = Math.max(lastSeenMicros, time);
    trend = Trend.sum(trend, share.trend());
    boolean isTextOfNewest = newest != null && newest.textHash().equals(share.textHash());
    if (!isTextOfNewest && !textsByHash.containsKey(share.textHash())) {
      textsByHash.put(share.textHash(), share.version().text());
    }
    if (newest == null || share.version().supersedes(newest)) {
      newest = share.version();
    }
    if (textsByHash.size() > SLACK * mostTexts) {
      keepLowestTexts();
    }
  }

  /** Adds another task's delta of the same product. */
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
    furtherTexts |= other.furtherTexts;
    keepLowestTexts();
    return this;
  }

  /** Leaves out texts for good, except the newest: the limit of the kept hashes only falls. */
  private void keepLowestTexts() {
    if (textsByHash.size() <= mostTexts) {
      return;
    }
    furtherTexts = true;
    Set<String> kept =
        textsByHash.keySet().stream().sorted().limit(mostTexts).collect(Collectors.toSet());
    kept.add(newest.textHash());
    textsByHash.keySet().retainAll(kept);
  }

  public String productId() {
    return newest.product().id();
  }

  /** Returns the product as the latest event describes it. */
  public ProductVersion newest() {
    return newest;
  }

  /**
   * Returns the texts that the product had in this batch, by their hashes; one, unless it changed.
   * All of them, unless there are {@link #hasFurtherTexts() further} ones; the newest always.
   */
  public Map<String, String> textsByHash() {
    keepLowestTexts();
    return textsByHash;
  }

  /**
   * Returns the texts that have to be embedded for this batch, by their hashes: those that the
   * product had in it or, if the products topic describes it, the topic's alone.
   *
   * @param stored null if the product is not stored
   */
  public Map<String, String> textsByHash(ProductState stored) {
    return stored != null && stored.isDescribedByTopic()
        ? Map.of(stored.newest().textHash(), stored.newest().text())
        : textsByHash();
  }

  /** Returns whether the product had more texts in this batch than are kept apart. */
  public boolean hasFurtherTexts() {
    return furtherTexts || textsByHash.size() > mostTexts;
  }

  /** Returns the characters of its texts, which the size of the product's point grows with. */
  public long size() {
    return productId().length() + textsByHash().values().stream().mapToLong(String::length).sum();
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
