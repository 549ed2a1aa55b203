package io.vectorstream.fresh;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.fresh.MergedOffsets.Age;
import io.vectorstream.fresh.Overlay.View;
import io.vectorstream.merge.MinuteDelta;
import io.vectorstream.merge.MinuteState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The minutes of the shop's activity, with what no batch has merged yet. */
final class FreshActivity {

  private final Overlay overlay;

  FreshActivity(Overlay overlay) {
    this.overlay = overlay;
  }

  FreshMinutes minutes(List<Long> wanted, Function<List<Long>, Map<Long, MinuteState>> stored) {
    return overlay.answer(
        overlay.all(),
        view -> minutes(new HashSet<>(wanted), view, stored.apply(wanted)),
        fresh -> new FreshMinutes(stored.apply(wanted), fresh));
  }

  private static Optional<FreshMinutes> minutes(
      Set<Long> wanted, View view, Map<Long, MinuteState> stored) {
    Map<Long, Age> ages = new HashMap<>();
    stored.forEach((minute, state) -> ages.put(minute, view.age(state.batch())));
    List<Held> missing = new ArrayList<>();
    for (Held held : view.events()) {
      long minute = MinuteDelta.minuteOf(held.event().countedAtMicros());
      if (wanted.contains(minute)
          && view.isMissing(held.event(), ages.getOrDefault(minute, Age.BEFORE))) {
        missing.add(held);
      }
    }
    List<ShopEvent> events = view.withoutRepeats(missing);
    if (events.isEmpty()) {
      return Optional.empty();
    }
    Map<Long, MinuteState> all = new HashMap<>(stored);
    for (MinuteDelta delta : MinuteDelta.of(events)) {
      all.merge(
          delta.minute(),
          MinuteState.empty(delta.minute()).plus(delta, Freshness.MARK),
          (known, none) -> known.plus(delta, Freshness.MARK));
    }
    return Optional.of(new FreshMinutes(all, Freshness.of(events, view.isComplete())));
  }
}
