package io.vectorstream.fresh;

import io.vectorstream.event.ShopEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;

/**
 * The part of an answer that no batch has merged yet.
 *
 * @param events that count in the answer, and in nothing that is stored
 * @param latest the time of the latest of them; null if there is none
 * @param complete whether nothing is missing that Kafka has taken some seconds ago or earlier
 */
public record Freshness(long events, Instant latest, boolean complete) {

  /** The mark of a state that is not stored. */
  static final String MARK = "fresh";

  static Freshness none(boolean complete) {
    return new Freshness(0, null, complete);
  }

  static Freshness of(Collection<ShopEvent> events, boolean complete) {
    return events.isEmpty()
        ? none(complete)
        : new Freshness(
            events.size(),
            Instant.EPOCH.plus(
                events.stream().mapToLong(ShopEvent::countedAtMicros).max().getAsLong(),
                ChronoUnit.MICROS),
            complete);
  }
}
