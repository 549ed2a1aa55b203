package io.vectorstream.fresh;

import com.google.common.collect.Lists;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.fresh.Held.Check;
import io.vectorstream.fresh.HeldEvents.Snapshot;
import io.vectorstream.store.EventCollection;
import io.vectorstream.store.EventCollection.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The question which events repeat stored ones. The store is asked once about most events: what is
 * not stored when it is first asked for can only be stored from its own record, or from a copy that
 * is in memory too.
 */
final class RepeatCheck {

  private static final int AT_ONCE = 500;

  private final HeldEvents held;
  private final EventCollection store;

  RepeatCheck(HeldEvents held, EventCollection store) {
    this.held = held;
    this.store = store;
  }

  /**
   * The events that a batch will count.
   *
   * @param all whether there was time for all of them
   * @param unexplained whether a stored event has a mark that the ledger's entry does not explain
   */
  record Result(List<ShopEvent> events, boolean all, boolean unexplained) {}

  /**
   * Returns those events that are no repeats.
   *
   * @param settled whether the ledger still has the snapshot's entry, so that an unknown mark is an
   *     old one
   */
  Result without(List<Held> events, Snapshot of, boolean settled, Duration atMost) {
    List<ShopEvent> fresh = new ArrayList<>();
    List<Held> open = new ArrayList<>();
    for (Held event : events) {
      if (event.isOneOfSeveral() || event.check() == Check.OPEN) {
        open.add(event);
      } else if (event.check() == Check.NEW) {
        fresh.add(event.event());
      }
    }
    long end = System.nanoTime() + atMost.toNanos();
    for (List<Held> some : Lists.partition(open, AT_ONCE)) {
      if (System.nanoTime() - end > 0) {
        return new Result(fresh, false, false);
      }
      Map<String, Origin> origins =
          new HashMap<>(store.await(store.originsOf(Lists.transform(some, Held::event))));
      for (Held event : some) {
        Optional<Boolean> counts = counts(event, origins.get(event.event().eventId()), of, settled);
        if (counts.isEmpty()) {
          return new Result(List.of(), false, true);
        }
        if (counts.get()) {
          fresh.add(event.event());
        }
      }
    }
    return new Result(fresh, true, false);
  }

  private Optional<Boolean> counts(Held event, Origin origin, Snapshot of, boolean settled) {
    if (origin == null) {
      // A copy that was given up may be stored later.
      if (!of.gap()) {
        held.note(of, event, Check.NEW);
      }
      return Optional.of(!event.isCopy());
    }
    if (!origin.isOf(event.event())) {
      held.note(of, event, Check.REPEAT);
      return Optional.of(false);
    }
    Optional<Boolean> waiting = of.merged().isWaiting(origin);
    if (waiting.isEmpty() && !settled) {
      return Optional.empty();
    }
    boolean isWaiting = waiting.orElse(false);
    if (isWaiting) {
      held.noteStored(event, origin);
    }
    held.note(of, event, isWaiting ? Check.NEW : Check.REPEAT);
    return Optional.of(isWaiting);
  }
}
