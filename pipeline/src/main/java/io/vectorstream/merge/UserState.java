package io.vectorstream.merge;

import java.util.List;

/**
 * The stored state of one user.
 *
 * @param lastProducts the products touched last, the latest first
 * @param trail the products that the user turned to last, in the order of their records
 * @param firstSeenMicros time of the earliest event, in microseconds since 1970
 * @param lastSeenMicros time of the latest event, likewise
 * @param batch the last batch that changed it
 */
public record UserState(
    String userId,
    EventCounts counts,
    List<Seen> lastProducts,
    Trail trail,
    long firstSeenMicros,
    long lastSeenMicros,
    Interest interest,
    String batch) {

  /** A product and the time of the user's latest event about it, in microseconds since 1970. */
  public record Seen(String productId, long atMicros) {}

  /** Returns a user without events. */
  public static UserState unknown(String userId) {
    return new UserState(
        userId,
        new EventCounts(),
        List.of(),
        Trail.NONE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Interest.NONE,
        "");
  }

  /** Returns the same without times in the future of now, in microseconds since 1970. */
  public UserState notFromTheFuture(long nowMicros) {
    if (!FutureTimes.holds(lastSeenMicros, nowMicros)) {
      return this;
    }
    return new UserState(
        userId,
        counts,
        lastProducts.stream()
            .map(seen -> new Seen(seen.productId(), FutureTimes.none(seen.atMicros(), nowMicros)))
            .toList(),
        trail,
        FutureTimes.none(firstSeenMicros, nowMicros),
        nowMicros,
        interest.notFromTheFuture(nowMicros),
        batch);
  }

  /**
   * Adds a batch; one that was added before changes nothing.
   *
   * @param products embeddings by product text's hash
   * @param queries embeddings by search query
   * @param rememberedProducts how many of the last products to keep
   */
  public UserState plus(
      UserDelta delta,
      TextVectors products,
      TextVectors queries,
      Decay decay,
      int rememberedProducts,
      String batch) {
    if (batch.equals(this.batch)) {
      return this;
    }
    EventCounts sum = new EventCounts();
    sum.add(counts);
    sum.add(delta.counts());
    LastProducts last = new LastProducts(rememberedProducts);
    lastProducts.forEach(seen -> last.add(seen.productId(), seen.atMicros()));
    last.add(delta.lastProducts());
    return new UserState(
        userId,
        sum,
        last.latestFirst(rememberedProducts),
        trail.after(delta, rememberedProducts, Trail.NOBODY),
        Math.min(firstSeenMicros, delta.firstSeenMicros()),
        Math.max(lastSeenMicros, delta.lastSeenMicros()),
        interest.plus(delta, products, queries, decay),
        batch);
  }

  /**
   * Returns the same, waiting for no more texts than that: of the shares with the least weight only
   * the weight stays.
   */
  public UserState withPendingAtMost(int most) {
    Interest bounded = interest.withPendingAtMost(most);
    return bounded == interest
        ? this
        : new UserState(
            userId, counts, lastProducts, trail, firstSeenMicros, lastSeenMicros, bounded, batch);
  }

  /**
   * Returns the same with an interest made again of all of the user's events, with the vectors of
   * another model. The weight stays, as no model has a part in it.
   *
   * @param events of the user, as far as they are known; null for none
   */
  public UserState remade(
      UserDelta events, TextVectors products, TextVectors queries, Decay decay) {
    Interest remade = interest.withoutDirection();
    if (events != null) {
      remade = remade.plus(events, products, queries, decay).withWeight(interest.weight());
    }
    return new UserState(
        userId, counts, lastProducts, trail, firstSeenMicros, lastSeenMicros, remade, batch);
  }

  /** Returns whether these are all of the user's events. */
  public boolean consistsOf(UserDelta events) {
    return events != null && events.counts().areEqual(counts);
  }

  /**
   * Adds the shares that waited for these embeddings. The batch stays: of each batch this adds only
   * the shares that it has left pending, and once, because they are not pending any more.
   */
  public UserState resolved(TextVectors products, TextVectors queries, Decay decay) {
    return new UserState(
        userId,
        counts,
        lastProducts,
        trail,
        firstSeenMicros,
        lastSeenMicros,
        interest.resolved(products, queries, decay),
        batch);
  }
}
