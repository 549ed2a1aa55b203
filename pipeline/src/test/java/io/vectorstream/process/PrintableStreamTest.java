package io.vectorstream.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class PrintableStreamTest {
  private static final String ATTACK =
      "\u001b[2J\u001b]0;owned\u0007\u009b2J\u202e\u2028\r\u007f\u001b[1A";

  private static final String ESCAPED =
      "\\u001b[2J\\u001b]0;owned\\u0007\\u009b2J\\u202e\\u2028\\r\\u007f\\u001b[1A";

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream terminal = new PrintStream(shown, true, UTF_8);
  private final PrintableStream out = new PrintableStream(terminal, UTF_8);

  private String shown() {
    return shown.toString(UTF_8);
  }

  @Test
  void a_terminal_gets_no_commands_whichever_way_they_are_written() {
    out.print(ATTACK);
    out.println(ATTACK);
    out.printf("%s%n", ATTACK);
    out.append(ATTACK).append('\n');
    out.writeBytes(ATTACK.getBytes(UTF_8));
    out.print('\u009b');
    for (byte part : (ATTACK + ".").getBytes(UTF_8)) {
      out.write(part);
    }

    assertThat(shown().replace(System.lineSeparator(), "\n"))
        .isEqualTo(
            ESCAPED + ESCAPED + "\n" + ESCAPED + "\n" + ESCAPED + "\n" + ESCAPED + "\\u009b"
                + ESCAPED + ".");
  }

  @Test
  void text_lines_and_tabs_pass_at_once() {
    out.print("Çay, чай, 茶 🫖 \"\\\"\n\tat x\r\n");
    assertThat(shown()).isEqualTo("Çay, чай, 茶 🫖 \"\\\"\n\tat x\r\n");
  }

  @Command(name = "shop", description = "Sells @|bold everything|@.")
  private static final class Shop {}

  @Test
  void the_colours_of_help_pass() {
    new CommandLine(new Shop()).usage(out, CommandLine.Help.Ansi.ON);
    assertThat(shown()).contains("\u001b[1meverything\u001b[21m");
  }

  @Test
  void json_is_the_same_json() throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    String text = "🫖 \udb40\udc01 \"" + ATTACK;
    out.print(json.writeValueAsString(text));
    assertThat(shown()).doesNotContain("\u001b", "\u009b", "\u202e");
    assertThat(json.readValue(shown(), String.class)).isEqualTo(text);
  }

  @Test
  void a_terminal_of_another_character_set_gets_no_commands_in_it() {
    try (PrintStream latin = new PrintableStream(terminal, ISO_8859_1)) {
      latin.print("\u009b2Jé");
    }
    assertThat(shown.toString(ISO_8859_1)).isEqualTo("\\u009b2Jé");
  }

  @Test
  void what_the_program_draws_itself_goes_past_it() {
    PrintableStream.unguarded(out).print("\u001b[2A");
    assertThat(shown()).isEqualTo("\u001b[2A");
    assertThat(PrintableStream.unguarded(terminal)).isSameAs(terminal);
  }
}
