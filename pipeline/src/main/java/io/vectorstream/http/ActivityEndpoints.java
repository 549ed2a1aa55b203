package io.vectorstream.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swagger.v3.oas.models.media.StringSchema;
import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.fresh.FreshTrending;
import io.vectorstream.fresh.Freshness;
import io.vectorstream.monitoring.ObservedPipeline;
import io.vectorstream.monitoring.PipelineStatus;
import io.vectorstream.search.Activity;
import io.vectorstream.search.Activity.Funnel;
import io.vectorstream.search.Recommender;
import io.vectorstream.store.EventQueries;
import io.vectorstream.store.SearchFilter;
import io.vectorstream.store.VectorStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@code GET /stats/…} and {@code GET /events}: the activity in the shop, and in the pipeline. */
final class ActivityEndpoints {
  private static final String GROUP = "Live";

  /** The time for which an answer is used again, as many pages may ask the same. */
  private static final Duration USED_AGAIN = Duration.ofSeconds(2);

  private static final Parameter<String> CATEGORY =
      Parameter.text("category", 200, "Only products of this category, at any level of it.");
  private static final Parameter<Integer> LIMIT =
      Parameter.number("limit", 1, 100, "How many, at most.").or(10);
  private static final Parameter<Integer> EVENTS =
      Parameter.number("limit", 1, 100, "How many, at most.").or(20);
  private static final Parameter<Duration> WINDOW =
      Parameter.query(
              "window",
              "How far back, up to now: a number and a unit, from 1m to 24h.",
              () -> new StringSchema().example("1h"),
              ActivityEndpoints::window)
          .or(Duration.ofHours(1));

  /**
   * @param products the highest demand first; scores are weighted counts of actions, each counting
   *     half as much an hour later
   * @param fresh what of the demand no batch has merged yet; left out if that is not followed
   */
  record Trending(Instant asOf, List<FoundProduct> products, Freshness fresh) {}

  /**
   * @param events the latest first
   */
  record NewestEvents(List<FoundEvent> events) {}

  private record TrendingQuery(Optional<String> category, int limit) {}

  private final Activity activity;
  private final EventQueries events;
  private final Recommender recommender;
  private final Optional<ObservedPipeline> pipeline;
  private final Cache<TrendingQuery, Trending> trending = cache();
  private final Cache<Duration, Funnel> funnels = cache();
  private final Cache<Integer, NewestEvents> newest = cache();

  /**
   * @param pipeline empty if none runs in this process
   */
  ActivityEndpoints(
      VectorStore store,
      Recommender recommender,
      FreshEvents fresh,
      Optional<ObservedPipeline> pipeline) {
    this.activity = new Activity(store, fresh);
    this.events = new EventQueries(store);
    this.recommender = recommender;
    this.pipeline = pipeline;
  }

  private static <K, V> Cache<K, V> cache() {
    return Caffeine.newBuilder().maximumSize(100).expireAfterWrite(USED_AGAIN).build();
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/stats/trending", GROUP, "The products in most demand now")
            .with(CATEGORY, LIMIT)
            .answers(
                Trending.class,
                request ->
                    trending.get(
                        new TrendingQuery(request.find(CATEGORY), request.get(LIMIT)),
                        this::trending)),
        Endpoint.get("/stats/funnel", GROUP, "How far shoppers came: views, carts, purchases")
            .description("Events, not shoppers, by their own time, in whole minutes.")
            .with(WINDOW)
            .answers(Funnel.class, request -> funnels.get(request.get(WINDOW), activity::funnel)),
        Endpoint.get("/stats/pipeline", GROUP, "The pipeline of this process, and its last batches")
            .unlimited()
            .refusals(Status.NOT_FOUND)
            .answers(PipelineStatus.class, request -> status()),
        Endpoint.get("/events", GROUP, "The newest events")
            .with(EVENTS)
            .answers(NewestEvents.class, request -> newest.get(request.get(EVENTS), this::newest)));
  }

  private Trending trending(TrendingQuery query) {
    SearchFilter filter =
        new SearchFilter(query.category(), OptionalDouble.empty(), OptionalDouble.empty());
    FreshTrending found = recommender.trendingNow(filter, query.limit());
    return new Trending(Instant.now(), FoundProduct.of(found.products()), found.fresh());
  }

  private NewestEvents newest(int limit) {
    return new NewestEvents(events.newest(limit).stream().map(FoundEvent::of).toList());
  }

  private PipelineStatus status() {
    ObservedPipeline here =
        pipeline.orElseThrow(
            () ->
                new RequestException(
                    Status.NOT_FOUND,
                    "no pipeline runs in this process, which only serves; ask the one that runs"
                        + " it"));
    return here.status()
        .orElseThrow(
            () -> new RequestException(Status.UNAVAILABLE, "the pipeline has not started yet"));
  }

  private static Duration window(String text) {
    try {
      Duration window = io.airlift.units.Duration.valueOf(text.strip()).toJavaTime();
      if (window.compareTo(Activity.SHORTEST) >= 0 && window.compareTo(Activity.LONGEST) <= 0) {
        return window;
      }
    } catch (IllegalArgumentException e) {
      // The exception below says so.
    }
    throw new IllegalArgumentException(
        "is %s; expected a time from 1m to 24h, such as 15m".formatted(Parameter.shown(text)));
  }
}
