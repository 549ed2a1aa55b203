package io.vectorstream.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void text_of_all_languages_stays_as_it_is() {
    assertThat(Printable.text("Çay, чай, 茶 🫖 \"{}\" \\", 100))
        .isEqualTo("Çay, чай, 茶 🫖 \"{}\" \\");
  }

  @Test
  void what_a_terminal_would_obey_is_escaped() {
    assertThat(Printable.text("a\u001b[2Jb\r\n\t\0\u009b", 100))
        .isEqualTo("a\\u001b[2Jb\\r\\n\\t\\u0000\\u009b");
    assertThat(Printable.text("\u202eabc\u2028\ufeff", 100)).isEqualTo("\\u202eabc\\u2028\\ufeff");
    assertThat(Printable.text("a\u3164b\u034f\u115f")).isEqualTo("a\\u3164b\\u034f\\u115f");
  }

  @Test
  void bytes_that_are_not_utf8_are_shown_as_hexadecimal() {
    byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, 'b', (byte) 0xc3, (byte) 0xa7, (byte) 0xe2};
    assertThat(Printable.bytes(bytes, 100)).isEqualTo("a\\xff\\xc3bç\\xe2");
  }

  @Test
  void what_is_too_long_ends_in_an_ellipsis_and_is_as_wide_as_asked() {
    assertThat(Printable.text("abcde", 5)).isEqualTo("abcde");
    assertThat(Printable.text("abcdef", 5)).isEqualTo("abcd…");
    assertThat(Printable.text("\u001b".repeat(9), 5)).isEqualTo("\\u00…");
    assertThat(Printable.bytes("🫖".repeat(1_000_000).getBytes(UTF_8), 5)).isEqualTo("🫖🫖🫖🫖…");
  }

  @Test
  void an_errors_message_keeps_its_lines_and_nothing_else_that_moves_the_cursor() {
    assertThat(Printable.lines("a: \u001b[2J\n\tb\r\u009b1m\u202e🫖"))
        .isEqualTo("a: \\u001b[2J\n\tb\\r\\u009b1m\\u202e🫖");
  }

  @Test
  void no_bytes_are_an_empty_text() {
    assertThat(Printable.bytes(new byte[0], 5)).isEmpty();
  }
}
