package io.vectorstream.search;

import io.vectorstream.fresh.FreshEvents;
import io.vectorstream.fresh.FreshMinutes;
import io.vectorstream.fresh.Freshness;
import io.vectorstream.merge.EventCounts;
import io.vectorstream.merge.MinuteDelta;
import io.vectorstream.merge.MinuteState;
import io.vectorstream.merge.Revenue;
import io.vectorstream.shop.EventType;
import io.vectorstream.store.ActivityCollection;
import io.vectorstream.store.VectorStore;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** The recent activity in the shop. */
public final class Activity {

  /** The shortest time that can be asked for. */
  public static final Duration SHORTEST = Duration.ofMinutes(1);

  /** The longest time that can be asked for: its minutes are read in one call. */
  public static final Duration LONGEST = Duration.ofDays(1);

  private static final List<EventType> FUNNEL =
      List.of(EventType.VIEW, EventType.ADD_TO_CART, EventType.PURCHASE);

  private final ActivityCollection minutes;
  private final FreshEvents fresh;
  private final Clock clock;

  public Activity(VectorStore store, FreshEvents fresh) {
    this(store, fresh, Clock.systemUTC());
  }

  Activity(VectorStore store, FreshEvents fresh, Clock clock) {
    this.fresh = fresh;
    this.minutes = new ActivityCollection(store);
    this.clock = clock;
  }

  /**
   * Events of the last minutes, the present one included.
   *
   * @param from the beginning of the first minute
   * @param counts by event type, every type with 0 if there was none
   * @param revenue the revenue of the purchases
   * @param steps views, carts, purchases
   * @param minutes all of them, the empty ones too, the latest last
   * @param fresh what of the counts no batch has merged yet; left out if that is not followed
   */
  public record Funnel(
      Instant from,
      Instant to,
      Map<String, Long> counts,
      double revenue,
      List<FunnelStep> steps,
      List<Minute> minutes,
      Freshness fresh) {}

  /**
   * @param ofPrevious the number of these events for each event of the step before; null for the
   *     first step, and where the step before has none
   */
  public record FunnelStep(String eventType, long count, Double ofPrevious) {}

  /**
   * @param minute its beginning
   */
  public record Minute(Instant minute, Map<String, Long> counts, double revenue) {}

  /**
   * Returns the funnel of the last time, in events: a shopper who views three products counts three
   * times.
   *
   * @param window {@link #SHORTEST} to {@link #LONGEST}; parts of a minute count as a whole one
   */
  public Funnel funnel(Duration window) {
    if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("expected 1 minute to 24 hours, not " + window);
    }
    Instant to = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    long last = MinuteDelta.minuteOf(ChronoUnit.MICROS.between(Instant.EPOCH, to));
    long first = last - window.plusSeconds(59).toMinutes() + 1;
    List<Long> wanted = LongStream.rangeClosed(first, last).boxed().toList();
    FreshMinutes found = fresh.minutes(wanted, minutes::states);
    Map<Long, MinuteState> known = found.states();

    EventCounts sum = new EventCounts();
    BigInteger revenueUnits = BigInteger.ZERO;
    List<Minute> all = new ArrayList<>();
    for (long minute : wanted) {
      MinuteState state = known.getOrDefault(minute, MinuteState.empty(minute));
      sum.add(state.counts());
      revenueUnits = revenueUnits.add(state.revenueUnits());
      all.add(new Minute(start(minute), state.counts().asMap(), state.revenue()));
    }
    return new Funnel(
        start(first),
        to,
        sum.asMap(),
        Revenue.amount(revenueUnits),
        steps(sum),
        all,
        found.fresh());
  }

  private static List<FunnelStep> steps(EventCounts counts) {
    List<FunnelStep> steps = new ArrayList<>();
    long before = 0;
    for (EventType type : FUNNEL) {
      long count = counts.of(type);
      steps.add(new FunnelStep(type.json(), count, before == 0 ? null : (double) count / before));
      before = count;
    }
    return steps;
  }

  private static Instant start(long minute) {
    return Instant.ofEpochSecond(minute * 60);
  }
}
