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
 * The deletion of events that are older than what is kept, between batches, some at a time.
 *
 * <p>An event that is deleted is not known any more, and a copy of it would count again. So the
 * ledger is told first from when on events are known; the horizon moves while no batch is
 * unfinished, and each part that begins later counts nothing from before it. A part that is
 * repeated therefore has the horizon that it began with, or, where it was done and is repeated
 * because nobody knew that, a later one: what it has counted carries its mark.
 */
final class EventRetention {

  private static final Logger log = LoggerFactory.getLogger(EventRetention.class);

  /** A batch waits no longer than that for a step. */
  private static final Duration STEP = Duration.ofMillis(500);

  private static final Duration SHORTEST_MOVE = Duration.ofSeconds(1);
  private static final Duration LONGEST_MOVE = Duration.ofMinutes(10);

  /** The horizon moves by this share of what is kept. */
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
   * Makes one step; to be called while no batch is unfinished.
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
