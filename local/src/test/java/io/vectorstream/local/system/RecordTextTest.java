package io.vectorstream.local.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The form of records for systems that do not read events as they are. */
class RecordTextTest {
  private static final byte[] EVENT = "{\"a\":1}".getBytes(UTF_8);

  @Test
  void an_event_stays_as_it_is_without_a_form() {
    assertThat(new RecordText(null).of(EVENT, "id")).isSameAs(EVENT);
  }

  @Test
  void an_event_and_its_id_go_where_the_form_says() {
    RecordText text = new RecordText("{\"id\":\"${event_id}\",\"payload\":${event}}\n");

    assertThat(text.of(EVENT, "e-1"))
        .asString(UTF_8)
        .isEqualTo("{\"id\":\"e-1\",\"payload\":{\"a\":1}}");
  }

  @Test
  void bytes_that_are_no_text_are_not_changed() {
    byte[] broken = {(byte) 0xff, (byte) 0xfe};

    assertThat(new RecordText("[${event}]").of(broken, "id")).containsExactly('[', 0xff, 0xfe, ']');
  }
}
