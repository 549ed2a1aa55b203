package io.vectorstream.merge;

import io.vectorstream.event.ProductRecord;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The stored state of one product.
 *
 * @param newest the product as the products topic describes it or, where that does not, as the
 *     latest event, or a newer catalogue, described it
 * @param model the model of its embedding
 * @param revenueUnits the revenue of its purchases, in ten-thousandths
 * @param firstSeenMicros time of its earliest event, in microseconds since 1970; {@link
 *     Long#MAX_VALUE} as long as there was none
 * @param lastSeenMicros time of its latest event, likewise; {@link Long#MIN_VALUE} without one
 * @param trend the logarithm to the base 2 of its demand, as {@link Trend} has it; {@link
 *     Double#NEGATIVE_INFINITY} without any
 * @param embeddingError why the model fails on its text, so that it has no vector; null if it has
 *     one
 * @param pendingTexts texts of this product that wait for their embedding, by hash, and that users'
 *     interests may wait for: their number is bounded, and each stays until it is embedded
 * @param newestPending whether its newest text waits outside of them, because they are full: no
 *     user's interest waits for it, so a newer one may replace it
 * @param batch the last batch that changed it; empty if none has
 * @param listing what the products topic has said of it last; null if nothing
 */
public record ProductState(
    ProductVersion newest,
    String model,
    EventCounts counts,
    BigInteger revenueUnits,
    long firstSeenMicros,
    long lastSeenMicros,
    double trend,
    String embeddingError,
    Map<String, String> pendingTexts,
    boolean newestPending,
    String batch,
    Listing listing) {

  /** Returns the state of a product that was not known before this batch. */
  public static ProductState of(ProductDelta delta, String model, String batch) {
    return new ProductState(
        delta.newest(),
        model,
        delta.counts(),
        delta.revenueUnits(),
        delta.firstSeenMicros(),
        delta.lastSeenMicros(),
        delta.trend(),
        null,
        Map.of(),
        false,
        batch,
        null);
  }

  /** Returns a product of which nothing is known but its id. */
  public static ProductState unknown(String productId, String model) {
    return unseen(ProductVersion.unknown(productId), model);
  }

  /** Returns a product that is known from a catalogue and has no event yet. */
  public static ProductState unseen(ProductVersion version, String model) {
    return new ProductState(
        version,
        model,
        new EventCounts(),
        BigInteger.ZERO,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Trend.NONE,
        null,
        Map.of(),
        false,
        "",
        null);
  }

  /** Returns the same without times in the future of now, in microseconds since 1970. */
  public ProductState notFromTheFuture(long nowMicros) {
    long last = wasSeen() ? FutureTimes.none(lastSeenMicros, nowMicros) : lastSeenMicros;
    double demand = Trend.notFromTheFuture(trend, counts, nowMicros);
    ProductVersion version = newest.notFromTheFuture(nowMicros);
    return last == lastSeenMicros && demand == trend && version == newest
        ? this
        : new ProductState(
            version,
            model,
            counts,
            revenueUnits,
            wasSeen() ? Math.min(firstSeenMicros, last) : firstSeenMicros,
            last,
            demand,
            embeddingError,
            pendingTexts,
            newestPending,
            batch,
            listing);
  }

  /** Returns whether it has an event. */
  public boolean wasSeen() {
    return lastSeenMicros != Long.MIN_VALUE;
  }

  /** Returns whether any of its events shows a demand. */
  public boolean hasTrend() {
    return trend != Trend.NONE;
  }

  /** Adds a batch; one that was added before changes nothing. */
  public ProductState plus(ProductDelta delta, String model, String batch) {
    if (batch.equals(this.batch)) {
      return this;
    }
    EventCounts sum = new EventCounts();
    sum.add(counts);
    sum.add(delta.counts());
    ProductVersion latest =
        !isDescribedByTopic() && delta.newest().supersedes(newest) ? delta.newest() : newest;
    return new ProductState(
        latest,
        model,
        sum,
        revenueUnits.add(delta.revenueUnits()),
        Math.min(firstSeenMicros, delta.firstSeenMicros()),
        Math.max(lastSeenMicros, delta.lastSeenMicros()),
        Trend.sum(trend, delta.trend()),
        embeddingError,
        pendingTexts,
        newestPending && latest.textHash().equals(newest.textHash()),
        batch,
        listing);
  }

  /**
   * Applies a record of the products topic. Its counts and its batch stay. A new text has to be
   * embedded by the caller, or to be waited for; until then its vector is that of the text before.
   *
   * @param topicId the topic's present id
   * @return this very object if a later record of the topic, or this one, was applied before
   */
  public ProductState listed(ProductRecord record, String topicId) {
    if (listing != null && !listing.isBefore(record, topicId)) {
      return this;
    }
    ProductVersion latest = record.isRetirement() ? newest : ProductVersion.of(record);
    boolean sameText = latest.textHash().equals(newest.textHash());
    return new ProductState(
        latest,
        model,
        counts,
        revenueUnits,
        firstSeenMicros,
        lastSeenMicros,
        trend,
        sameText ? embeddingError : null,
        pendingTexts,
        newestPending && sameText,
        batch,
        Listing.of(record, topicId, listing));
  }

  /**
   * Returns the same product for the collection of another model, whose vector its text waits for.
   *
   * @param copy what that collection has of it; null for nothing
   */
  public ProductState copiedFor(String otherModel, ProductState copy) {
    return new ProductState(
        newest,
        otherModel,
        counts,
        revenueUnits,
        firstSeenMicros,
        lastSeenMicros,
        trend,
        null,
        copy == null ? Map.of() : copy.pendingTexts,
        newest.isKnown(),
        batch,
        listing);
  }

  /** Returns whether its description is the products topic's: events do not change it then. */
  public boolean isDescribedByTopic() {
    return listing != null && listing.describes();
  }

  /** Returns the same with another error, or with null for none. */
  public ProductState withEmbeddingError(String error) {
    return with(error, pendingTexts, newestPending);
  }

  /** Returns the same, waiting for the embedding of its newest text. */
  public ProductState withNewestPending() {
    return with(null, pendingTexts, true);
  }

  /** Returns the same with its newest text embedded, or failed with an error; null for none. */
  public ProductState withNewestDone(String error) {
    return with(error, pendingTexts, false);
  }

  /**
   * Returns the same, waiting for these texts, too; this very object if none is new. If there is no
   * room for all of them, the newest comes first; texts without room are not waited for. @param
   * most texts that users' interests may wait for
   */
  public ProductState withPending(Map<String, String> textsByHash, int most) {
    Map<String, String> all = new HashMap<>(pendingTexts);
    String newestHash = newest.textHash();
    Stream.concat(
            Stream.of(newestHash).filter(textsByHash::containsKey),
            textsByHash.keySet().stream().sorted())
        .filter(hash -> !all.containsKey(hash))
        .distinct()
        .limit(Math.max(0, most - all.size()))
        .toList()
        .forEach(hash -> all.put(hash, textsByHash.get(hash)));
    boolean newestBeside =
        (newestPending || textsByHash.containsKey(newestHash)) && !all.containsKey(newestHash);
    return all.size() == pendingTexts.size() && newestBeside == newestPending
        ? this
        : with(embeddingError, all, newestBeside);
  }

  /** Returns the same without the pending texts that are embedded now, or have failed. */
  public ProductState resolved(TextVectors texts) {
    Map<String, String> left = new HashMap<>(pendingTexts);
    left.keySet().removeIf(hash -> !texts.isWaiting(hash));
    return with(embeddingError, left, newestPending && texts.isWaiting(newest.textHash()));
  }

  private ProductState with(String error, Map<String, String> pending, boolean newestBeside) {
    return new ProductState(
        newest,
        model,
        counts,
        revenueUnits,
        firstSeenMicros,
        lastSeenMicros,
        trend,
        error,
        Map.copyOf(pending),
        newestBeside,
        batch,
        listing);
  }

  /** Returns whether its newest text waits for its embedding, according to the store. */
  public boolean isPending() {
    return newestPending || pendingTexts.containsKey(newest.textHash());
  }

  /** Returns whether any of its texts waits for its embedding. */
  public boolean hasPending() {
    return newestPending || !pendingTexts.isEmpty();
  }

  /**
   * Returns the product with the result for its newest text.
   *
   * @param vectors by product id; receives the product's vector, or null for none, if that is known
   *     now
   */
  public ProductState embedded(TextVectors texts, Map<String, float[]> vectors) {
    String id = newest.product().id();
    String hash = newest.textHash();
    String error = texts.failed().get(hash);
    if (error != null) {
      vectors.put(id, null);
      return withNewestDone(error);
    }
    if (texts.vectors().containsKey(hash)) {
      vectors.put(id, texts.vectors().get(hash));
      return withNewestDone(null);
    }
    // Its newest text waits, or an older event came, whose text is not the product's any more.
    return isPending() ? withEmbeddingError(null) : this;
  }

  /** Returns all of its texts that wait for their embedding, by hash. */
  public Map<String, String> waitingTexts() {
    if (!newestPending) {
      return pendingTexts;
    }
    Map<String, String> all = new HashMap<>(pendingTexts);
    all.put(newest.textHash(), newest.text());
    return all;
  }

  public double revenue() {
    return Revenue.amount(revenueUnits);
  }
}
