package io.vectorstream.fresh;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.mapping.RecordReaders;
import io.vectorstream.merge.MinuteState;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.ProductCollection;
import io.vectorstream.store.ProductHit;
import io.vectorstream.store.ProductQueries;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.VectorStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The actions of shoppers that no batch has merged yet, laid over what is stored: answers change
 * within a second of a click. Nothing is written. Each process computes the same from Kafka and the
 * store alone.
 */
public final class FreshEvents implements AutoCloseable {

  /** No process follows the topic: answers are as what is stored says. */
  public static final FreshEvents NONE = new FreshEvents(null, null, null, null, null, null, null);

  private final HeldEvents held;
  private final TopicFollower follower;
  private final Overlay overlay;
  private final ForgetRegister register;
  private final FreshUsers users;
  private final FreshProducts products;
  private final FreshActivity activity;

  private FreshEvents(
      HeldEvents held,
      TopicFollower follower,
      Overlay overlay,
      ForgetRegister register,
      FreshUsers users,
      FreshProducts products,
      FreshActivity activity) {
    this.held = held;
    this.follower = follower;
    this.overlay = overlay;
    this.register = register;
    this.users = users;
    this.products = products;
    this.activity = activity;
  }

  /**
   * Begins to follow the topic, unless the settings say not to. Returns at once, whether Kafka and
   * the store answer or not.
   *
   * @param store open until this is closed
   */
  public static FreshEvents follow(Settings settings, VectorStore store) {
    if (!settings.fresh().enabled()) {
      return NONE;
    }
    HeldEvents held = new HeldEvents(settings.fresh().maxEvents());
    ForgetRegister register = new ForgetRegister(store);
    TopicFollower follower =
        new TopicFollower(settings, store, register, held, RecordReaders.of(settings.kafka()));
    Overlay overlay =
        new Overlay(
            held,
            follower::isAtEnd,
            follower::refresh,
            new RepeatCheck(held, new EventCollection(store)));
    FreshEvents events =
        of(
            held,
            follower,
            overlay,
            register,
            store,
            () -> EmbeddingService.shared(settings.embedding()),
            settings);
    follower.start();
    return events;
  }

  /**
   * Returns the same events, laid over what another model's collections say. It is closed with this
   * one, and not by itself.
   *
   * @param store with the names of these collections
   * @param embeddings the service of their model
   */
  public FreshEvents over(
      VectorStore store, Supplier<EmbeddingService> embeddings, Settings settings) {
    return held == null ? NONE : of(held, follower, overlay, register, store, embeddings, settings);
  }

  private static FreshEvents of(
      HeldEvents held,
      TopicFollower follower,
      Overlay overlay,
      ForgetRegister register,
      VectorStore store,
      Supplier<EmbeddingService> embeddings,
      Settings settings) {
    FreshTexts texts =
        new FreshTexts(new ProductCollection(store), embeddings, settings.kafka().hasProducts());
    return new FreshEvents(
        held,
        follower,
        overlay,
        register,
        new FreshUsers(
            settings.interest(), overlay, held, new UserCollection(store), register, texts),
        new FreshProducts(overlay, new ProductQueries(store)),
        new FreshActivity(overlay));
  }

  /** Returns a user with what is fresh. */
  public FreshUser user(String userId) {
    return users == null ? FreshUser.asStored(null) : users.user(userId);
  }

  /**
   * Returns the products in most demand, with what is fresh; without bought products, and those
   * without any demand.
   *
   * @param stored returns so many of what is stored alone, where nothing is fresh
   */
  public FreshTrending trending(
      SearchFilter filter, int limit, Instant now, Function<Integer, List<ProductHit>> stored) {
    return products == null
        ? new FreshTrending(stored.apply(limit), null)
        : products.trending(filter, limit, now, stored);
  }

  /**
   * Returns minutes with what is fresh.
   *
   * @param stored reads the stored ones
   */
  public FreshMinutes minutes(
      List<Long> wanted, Function<List<Long>, Map<Long, MinuteState>> stored) {
    return activity == null
        ? new FreshMinutes(stored.apply(wanted), null)
        : activity.minutes(wanted, stored);
  }

  /** Registers its meters; none if nothing is followed. */
  public void bindTo(MeterRegistry registry) {
    if (held == null) {
      return;
    }
    Gauge.builder("vectorstream.fresh.events", held, HeldEvents::size)
        .description("Events in memory that some sum may not contain yet")
        .register(registry);
    Gauge.builder("vectorstream.fresh.lag", follower, TopicFollower::lag)
        .description("Records of the topic that are not read yet for fresh answers")
        .register(registry);
    Gauge.builder(
            "vectorstream.fresh.complete",
            follower,
            from -> from.isAtEnd() && !held.hasGap() ? 1 : 0)
        .description("Whether fresh answers lack nothing")
        .register(registry);
    FunctionCounter.builder("vectorstream.fresh.given.up", held, HeldEvents::givenUp)
        .description("Events that were given up for others before all sums contained them")
        .register(registry);
  }

  @Override
  public void close() {
    if (follower != null) {
      follower.close();
    }
  }
}
