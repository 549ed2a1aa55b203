package io.vectorstream.local.evaluate;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.event.StrictEventParser;
import io.vectorstream.generator.Catalog;
import io.vectorstream.generator.EventStream;
import io.vectorstream.generator.GeneratedRecord;
import io.vectorstream.generator.Habits;
import io.vectorstream.generator.ShopperSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A simulation of some weeks in a made-up shop, within seconds: the events of the generator's
 * shoppers, as the pipeline reads them.
 *
 * @param users shoppers in all
 * @param sessionsPerUser visits of each to the shop, on average; some users come often, some seldom
 * @param period the time that these visits are spread over, evenly
 * @param habits of the shoppers beside their tastes
 * @param seed the same number gives the same events
 */
public record SimulatedShop(
    Catalog catalog, int users, int sessionsPerUser, Duration period, Habits habits, long seed) {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** The users for each concurrent session: few, so that a visit takes minutes, and not days. */
  private static final int USERS_A_SESSION = 100;

  /**
   * Lets the shoppers shop.
   *
   * @param name of the catalogue
   */
  public EvaluatedShop open(String name) {
    // The times change nothing else: a first pass counts the events.
    int count = events(stream(), START, Duration.ZERO, Integer.MAX_VALUE).size();
    EventStream stream = stream();
    List<ShopEvent> events = events(stream, START, period.dividedBy(count), count);
    return new EvaluatedShop(name, true, catalog.products(), events, Optional.of(stream::tastes));
  }

  private List<ShopEvent> events(EventStream stream, Instant start, Duration between, int most) {
    List<ShopEvent> events = new ArrayList<>();
    Set<String> sessions = new HashSet<>();
    while (events.size() < most) {
      ShopEvent event = event(stream, start.plus(between.multipliedBy(events.size())));
      if (sessions.add(event.sessionId()) && sessions.size() > users * sessionsPerUser) {
        return events;
      }
      events.add(event);
    }
    return events;
  }

  private EventStream stream() {
    return new EventStream(
        catalog.terse(habits.terse(), seed),
        ShopperSettings.defaults()
            .withUsers(users)
            .withHabits(habits)
            .withConcurrentSessions(Math.max(1, users / USERS_A_SESSION)),
        seed);
  }

  private static ShopEvent event(EventStream stream, Instant due) {
    GeneratedRecord generated = stream.next(due);
    long micros = due.getEpochSecond() * 1_000_000 + due.getNano() / 1000;
    return StrictEventParser.parse(generated.value(), 0, 0, micros).requireEvent();
  }
}
