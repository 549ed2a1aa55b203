package io.vectorstream.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The memory of what was sent. */
class SentEventsTest {

  @Test
  void each_of_many_is_found_by_its_id_and_no_other() {
    SentEvents sent = new SentEvents();
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      sent.add(new UUID(random.nextLong(), random.nextLong()), i, -i);
    }

    assertThat(sent.size()).isEqualTo(100_000);
    for (int i = 0; i < sent.size(); i += 997) {
      int found = sent.indexOf(sent.id(i).toString());
      assertThat(found).isEqualTo(i);
      assertThat(sent.dueMicros(found)).isEqualTo(i);
      assertThat(sent.fieldHash(found)).isEqualTo(-i);
    }
    assertThat(sent.indexOf(new UUID(random.nextLong(), random.nextLong()).toString()))
        .isEqualTo(-1);
    assertThat(sent.indexOf("no uuid")).isEqualTo(-1);
  }

  @Test
  void nothing_is_found_where_nothing_was_sent() {
    assertThat(new SentEvents().indexOf(UUID.randomUUID().toString())).isEqualTo(-1);
  }
}
