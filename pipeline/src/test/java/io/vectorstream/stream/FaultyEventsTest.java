package io.vectorstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.event.DeadLetter;
import io.vectorstream.event.Reason;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.merge.EventShare;
import io.vectorstream.shop.EventType;
import io.vectorstream.store.Refusals;
import io.vectorstream.store.StoreException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultyEventsTest {

  private static final StoreException REFUSAL = Refusals.invalidContent("refused: not in here");

  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final List<ShopEvent> stored = new ArrayList<>();
  private final FaultyEvents faults = new FaultyEvents(deadLetters::add);

  @Test
  void what_a_store_refuses_is_pinned_to_its_records_by_halves() {
    List<EventShare> shares = shares(500);
    Set<Long> bad = Set.of(0L, 77L, 78L, 499L);

    List<EventShare> taken =
        faults.withoutRefused(shares, () -> false, some -> store(some, bad), REFUSAL);

    assertThat(offsets(taken)).hasSize(496).doesNotContainAnyElementsOf(bad);
    assertThat(stored).as("nothing is left out of the store").containsAll(events(taken));
    assertThat(stored).extracting(ShopEvent::offset).doesNotContainAnyElementsOf(bad);
    assertThat(deadLetters).extracting(DeadLetter::offset).containsExactlyInAnyOrderElementsOf(bad);
    assertThat(deadLetters)
        .allSatisfy(
            letter -> {
              assertThat(letter.reason()).isEqualTo(Reason.CANNOT_BE_STORED.code());
              assertThat(letter.detail())
                  .startsWith("storing it fails: ")
                  .contains("refused: not in here");
            });
  }

  @Test
  void a_store_that_takes_nothing_is_no_events_fault() {
    List<EventShare> shares = shares(20);
    Set<Long> all = Set.copyOf(offsets(shares));

    assertThatThrownBy(
            () -> faults.withoutRefused(shares, () -> false, some -> store(some, all), REFUSAL))
        .isSameAs(REFUSAL);
    assertThat(deadLetters).isEmpty();
  }

  @Test
  void an_event_alone_is_to_blame_where_others_were_taken() {
    List<EventShare> one = shares(1);

    assertThat(faults.withoutRefused(one, () -> true, some -> store(some, Set.of(0L)), REFUSAL))
        .isEmpty();
    assertThat(deadLetters).hasSize(1);
  }

  @Test
  void another_failure_on_the_way_is_not_the_events() {
    StoreException other = Refusals.unauthenticated();

    assertThatThrownBy(
            () ->
                faults.withoutRefused(
                    shares(4),
                    () -> true,
                    some -> {
                      throw other;
                    },
                    REFUSAL))
        .isSameAs(other);
    assertThat(deadLetters).isEmpty();
  }

  @Test
  void a_request_is_made_without_the_events_at_which_that_fails() {
    List<Integer> asked = new ArrayList<>();
    FaultyEvents.Chunk<EventShare, String> chunk =
        faults.begin(
            "writing it",
            shares(5),
            EventShare::event,
            FaultyEventsTest::requireOdd,
            some -> {
              some.forEach(FaultyEventsTest::requireOdd);
              asked.add(some.size());
              return CompletableFuture.completedFuture("done");
            });

    assertThat(offsets(chunk.things())).containsExactly(1L, 3L);
    assertThat(asked).containsExactly(2);
    assertThat(deadLetters).extracting(DeadLetter::offset).containsExactly(0L, 2L, 4L);
  }

  @Test
  void a_request_that_fails_at_no_event_alone_fails() {
    IllegalStateException broken = new IllegalStateException("the buffer is gone");

    assertThatThrownBy(
            () ->
                faults.begin(
                    "writing it",
                    shares(3),
                    EventShare::event,
                    share -> {},
                    some -> {
                      throw broken;
                    }))
        .isSameAs(broken);
    assertThat(deadLetters).isEmpty();
  }

  private static void requireOdd(EventShare share) {
    if (share.event().offset() % 2 == 0) {
      throw new IllegalArgumentException("even");
    }
  }

  private void store(List<EventShare> shares, Set<Long> bad) {
    if (offsets(shares).stream().anyMatch(bad::contains)) {
      throw REFUSAL;
    }
    stored.addAll(events(shares));
  }

  private static List<ShopEvent> events(List<EventShare> shares) {
    return shares.stream().map(EventShare::event).toList();
  }

  private static List<Long> offsets(List<EventShare> shares) {
    return shares.stream().map(share -> share.event().offset()).toList();
  }

  private static List<EventShare> shares(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            offset ->
                new EventShare(
                    new ShopEvent(
                        0,
                        offset,
                        0,
                        "e-" + offset,
                        "1970-01-01T00:00:00Z",
                        0,
                        "u",
                        EventType.VIEW,
                        "s",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                    null,
                    null,
                    BigInteger.ZERO,
                    0,
                    0))
        .toList();
  }
}
