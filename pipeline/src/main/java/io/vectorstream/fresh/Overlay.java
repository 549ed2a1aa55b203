package io.vectorstream.fresh;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.fresh.HeldEvents.Snapshot;
import io.vectorstream.fresh.MergedOffsets.Age;
import io.vectorstream.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of reading that keeps an event from counting twice, or not at all: first the events in
 * memory together with the ledger's entry, then the stored sums, and the ledger again if a sum is
 * of a batch that the entry does not explain.
 */
final class Overlay {

  /** Each try meets one more change of the ledger, which has a few in a batch. */
  private static final int TRIES = 4;

  /** The time for asking which events are repeats. */
  private static final Duration CHECKS = Duration.ofMillis(300);

  private static final Logger log = LoggerFactory.getLogger(Overlay.class);

  private final HeldEvents held;
  private final BooleanSupplier atEnd;
  private final LongSupplier refresh;
  private final RepeatCheck repeats;

  /**
   * @param atEnd returns whether the topic is read to its end
   * @param refresh reads the ledger and returns its revision
   */
  Overlay(HeldEvents held, BooleanSupplier atEnd, LongSupplier refresh, RepeatCheck repeats) {
    this.held = held;
    this.atEnd = atEnd;
    this.refresh = refresh;
    this.repeats = repeats;
  }

  /** Signals that the ledger has another entry than the snapshot's. */
  static final class ChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ChangedException() {
      super("the ledger has changed", null, false, false);
    }
  }

  /** Events in memory, and which of them are missing in a stored sum. */
  final class View {
    private final Snapshot snapshot;
    private final boolean atEnd;
    private boolean settled;
    private boolean all = true;

    private View(boolean atEnd, Snapshot snapshot) {
      this.atEnd = atEnd;
      this.snapshot = snapshot;
    }

    List<Held> events() {
      return snapshot.events();
    }

    /** Returns whether nothing is known to be missing so far. */
    boolean isComplete() {
      return all && atEnd && !snapshot.gap();
    }

    /** Returns the age of a sum that was read after this snapshot was taken. */
    Age age(String mark) {
      Age age = snapshot.merged().age(mark);
      if (age == Age.BEFORE || age == Age.WITH) {
        return age;
      }
      settle();
      if (age == Age.BEHIND) {
        throw new ChangedException();
      }
      return snapshot.merged().settledAge(mark);
    }

    /** Makes sure that the ledger still has the snapshot's entry. */
    private void settle() {
      if (!settled && refresh.getAsLong() != snapshot.merged().revision()) {
        throw new ChangedException();
      }
      settled = true;
    }

    /** Notes that sums are read after the ledger was asked: it may have another entry by then. */
    void unsettle() {
      settled = false;
    }

    /**
     * Returns whether an event is missing in a sum of this age. One from before the horizon is not:
     * no batch will count it, though it may have been taken into memory before the horizon moved.
     */
    boolean isMissing(ShopEvent event, Age age) {
      return event.offset() >= snapshot.merged().firstMissing(event.partition(), age)
          && !snapshot.merged().isTooOld(event);
    }

    /** Returns those of these events that are no repeats of stored ones. */
    List<ShopEvent> withoutRepeats(List<Held> events) {
      RepeatCheck.Result result = repeats.without(events, snapshot, settled, CHECKS);
      if (result.unexplained()) {
        settle();
        result = repeats.without(events, snapshot, true, CHECKS);
      }
      all &= result.all();
      return result.events();
    }
  }

  /**
   * Computes an answer. Where the store does not say what is fresh, the answer is what is stored
   * alone, and says that it is not complete.
   *
   * @param events takes the events that it is about
   * @param answer computes it; empty if there is nothing fresh in it
   * @param otherwise gives the answer from what is stored alone
   */
  <T> T answer(
      Supplier<Snapshot> events,
      Function<View, Optional<T>> answer,
      Function<Freshness, T> otherwise) {
    for (int i = 0; i < TRIES; i++) {
      // Asked first: an end that was reached after the snapshot says nothing about it.
      boolean readToItsEnd = atEnd.getAsBoolean();
      View view = new View(readToItsEnd, events.get());
      if (view.snapshot.events().isEmpty()) {
        return otherwise.apply(Freshness.none(view.isComplete()));
      }
      try {
        return answer
            .apply(view)
            .orElseGet(() -> otherwise.apply(Freshness.none(view.isComplete())));
      } catch (ChangedException e) {
        // Taken again, with the ledger's present entry.
      } catch (StoreException e) {
        log.warn("an answer is without what no batch has merged yet: {}", e.getMessage());
        return otherwise.apply(Freshness.none(false));
      }
    }
    return otherwise.apply(Freshness.none(false));
  }

  /** Returns events of a user, at most so many of the latest. */
  Supplier<Snapshot> ofUser(String userId, int latest) {
    return () -> held.ofUser(userId, latest);
  }

  /** Returns all events. */
  Supplier<Snapshot> all() {
    return held::all;
  }
}
