package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.store.ExpiredEvents;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.LedgerEntry;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deletion of events that are older than the retention, between batches, some at a time.
 *
 * <p>A deleted event is not known any more, and a copy of it would count again. So before a
 * deletion the ledger records the horizon, the time from which on events are known. The horizon
 * moves only while no batch is unfinished, and each part that begins later counts no event from
 * before it. A repeated part therefore has the horizon that it began with. If it was done, and is
 * repeated because that was not recorded, it may have a later one; but the sums that it has changed
 * carry its mark.
 */
final class EventRetention {

  private static final Logger log = LoggerFactory.getLogger(EventRetention.class);

  /** The longest time that a batch waits for a step. */
  private static final Duration STEP = Duration.ofMillis(500);

  private static final Duration SHORTEST_MOVE = Duration.ofSeconds(1);
  private static final Duration LONGEST_MOVE = Duration.ofMinutes(10);

  /** The horizon moves by this share of the retention. */
  private static final int MOVES = 100;

  private final Settings.Events settings;
  private final ExpiredEvents events;
  private final Ledger ledger;
  private final Clock clock;
  private long deletedUpTo = Long.MIN_VALUE;
  private long deleted;

  EventRetention(Settings settings, Ledger ledger, Clock clock) {
    this.settings = settings.events();
    this.events = new ExpiredEvents(settings.qdrant());
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Makes one step; called while no batch is unfinished.
   *
   * @return whether there may be more to do
   */
  boolean step() {
    if (!settings.areKept()) {
      moveHorizon();
    }
    long horizon = ledger.entry().horizon();
    if (horizon == LedgerEntry.ALL || horizon == deletedUpTo) {
      return false;
    }
    long end = System.nanoTime() + STEP.toNanos();
    int some;
    do {
      some = events.deleteSome(horizon);
      deleted += some;
    } while (some > 0 && System.nanoTime() < end);
    if (some > 0) {
      return true;
    }
    deletedUpTo = horizon;
    if (deleted > 0) {
      log.info("{} events that were older than events.retention are deleted", deleted);
      deleted = 0;
    }
    return false;
  }

  private void moveHorizon() {
    long wanted = clock.instant().minus(settings.retention()).getEpochSecond();
    if (wanted >= ledger.entry().horizon() + move().toSeconds()) {
      ledger.noteHorizon(wanted);
    }
  }

  private Duration move() {
    Duration share = settings.retention().dividedBy(MOVES);
    if (share.compareTo(SHORTEST_MOVE) < 0) {
      return SHORTEST_MOVE;
    }
    return share.compareTo(LONGEST_MOVE) > 0 ? LONGEST_MOVE : share;
  }
}
