package io.vectorstream.event;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Values that are expected to be JSON, and begin as other formats do. */
class ValueStartTest {

  @Test
  void a_framed_value_is_named_for_what_it_is() {
    assertThat(read(new byte[] {0, 0, 0, 1, 7, 4, 'h', 'i'}))
        .isEqualTo(
            letter(
                "the value is framed for a schema registry, with schema 263; expected JSON, or"
                    + " kafka.format: auto and kafka.registry.url"));
  }

  @Test
  void a_compressed_value_is_named_for_what_it_is() {
    assertThat(read(new byte[] {0x1f, (byte) 0x8b, 8, 0}))
        .isEqualTo(letter("the value is compressed by gzip; expected JSON, or kafka.format: auto"));
  }

  @Test
  void a_zero_byte_alone_is_no_frame() {
    assertThat(((DeadLetter) read(new byte[] {0, 0, 0, 1})).reason())
        .isEqualTo(Reason.NOT_JSON.code());
  }

  @Test
  void an_object_in_utf_16_is_no_frame() {
    byte[] value = "{\"event_id\": \"1\"}".getBytes(UTF_16BE);
    assertThat(((DeadLetter) read(value)).reason()).isEqualTo(Reason.NOT_JSON.code());
  }

  private static ParsedRecord read(byte[] value) {
    return StrictEventParser.parse(value, 0, 1, 2);
  }

  private static DeadLetter letter(String detail) {
    return new DeadLetter(0, 1, 2, Reason.OTHER_FORMAT.code(), detail);
  }
}
