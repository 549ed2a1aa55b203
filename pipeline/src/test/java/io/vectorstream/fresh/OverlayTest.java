package io.vectorstream.fresh;

import static io.vectorstream.fresh.Entries.TOPIC;
import static io.vectorstream.fresh.Entries.entry;
import static io.vectorstream.fresh.Entries.mark;
import static io.vectorstream.fresh.Entries.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.fresh.MergedOffsets.Age;
import io.vectorstream.store.BegunBatch.Stage;
import io.vectorstream.store.LedgerEntry;
import io.vectorstream.store.StoreException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverlayTest {

  private final HeldEvents held = new HeldEvents(1_000);

  private final Overlay overlay = new Overlay(held, () -> true, () -> 1, null);

  private static LedgerEntry withHorizon(LedgerEntry entry, long seconds) {
    return new LedgerEntry(
        entry.revision(),
        entry.epoch(),
        entry.owner(),
        entry.host(),
        entry.since(),
        entry.model(),
        entry.pointIds(),
        seconds,
        entry.batch(),
        entry.finished());
  }

  private List<Long> missing() {
    return overlay.answer(
        overlay.all(),
        view ->
            Optional.of(
                view.events().stream()
                    .map(Held::event)
                    .filter(event -> view.isMissing(event, Age.BEFORE))
                    .map(ShopEvent::offset)
                    .toList()),
        none -> List.<Long>of());
  }

  @Test
  void an_event_is_not_fresh_any_more_when_the_horizon_has_passed_it() {
    LedgerEntry entry = entry(1, mark("q1", 0), Stage.COUNTING, 0, 50);
    held.advance(entry, TOPIC);
    ShopEvent event = view("event-1", "user-1", 0, 60);
    held.add(List.of(event));
    assertThat(missing()).containsExactly(60L);

    held.advance(withHorizon(entry, event.eventTimeMicros() / 1_000_000 + 1), TOPIC);

    assertThat(missing()).isEmpty();
  }

  @Test
  void an_answer_is_what_is_stored_if_the_store_does_not_say_what_is_fresh() {
    held.advance(entry(1, mark("q1", 0), Stage.COUNTING, 0, 50), TOPIC);
    held.add(List.of(view("event-1", "user-1", 0, 60)));

    Freshness of =
        overlay.<Freshness>answer(
            overlay.all(),
            view -> {
              throw new StoreException("no answer within 5 s");
            },
            none -> none);

    assertThat(of.events()).isZero();
    assertThat(of.complete()).isFalse();
  }

  @Test
  void a_fault_of_the_program_is_not_taken_for_a_silent_store() {
    held.advance(entry(1, mark("q1", 0), Stage.COUNTING, 0, 50), TOPIC);
    held.add(List.of(view("event-1", "user-1", 0, 60)));

    assertThatThrownBy(
            () ->
                overlay.answer(
                    overlay.all(),
                    view -> {
                      throw new IllegalStateException("a fault");
                    },
                    none -> none))
        .hasMessage("a fault");
  }
}
