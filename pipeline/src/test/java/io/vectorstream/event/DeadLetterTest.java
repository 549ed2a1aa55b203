package io.vectorstream.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

  private static DeadLetter letter(String reason, String detail) {
    return new DeadLetter(1, 7, 12, reason, detail);
  }

  /** The order in which tasks end differs from try to try. */
  @Test
  void the_failures_of_one_records_events_are_one_dead_letter_whatever_their_order() {
    DeadLetter price = letter("invalid_price", "items[1]: the price is -1");
    DeadLetter old = letter("older_than_retention", "the event is of 2020");
    DeadLetter one = letter("invalid_price", "items[1]: the price is -1; the event is of 2020");

    assertThat(DeadLetter.ofOneRecord(List.of(price, old, old))).isEqualTo(one);
    assertThat(DeadLetter.ofOneRecord(List.of(old, price))).isEqualTo(one);
    assertThat(DeadLetter.ofOneRecord(List.of(old))).isEqualTo(old);
  }
}
