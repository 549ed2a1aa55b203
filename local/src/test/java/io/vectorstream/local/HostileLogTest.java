package io.vectorstream.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.process.PrintableStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logged text of unknown origin adds no line to the log, and does not control a terminal. */
class HostileLogTest {
  private static final String FILE = "vectorstream.log.file";

  private static final String ATTACK =
      "Çay 🫖\u001b[2J\u001b]0;owned\u0007\u009b8m\u202e\u2028\rx\n2026-01-01 INFO forged";

  private final PrintStream usual = System.err;
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @AfterEach
  void showTestsAgain() {
    System.setErr(usual);
    System.clearProperty(FILE);
  }

  @Test
  void the_log_file_and_the_terminal_of_one_machine() throws IOException {
    Path file = folder.resolve("vectorstream.log");
    System.setProperty(FILE, file.toString());
    System.setErr(new PrintStream(terminal, true, UTF_8));

    log(Path.of("src/main/resources/log4j2.xml"));

    assertOneLine(Files.readString(file));
    assertOneLine(terminal.toString(UTF_8));
  }

  @Test
  void what_a_container_says() {
    System.setErr(new PrintStream(terminal, true, UTF_8));

    log(Path.of("../deploy/conf/log4j2.xml"));

    assertOneLine(terminal.toString(UTF_8));
  }

  /** As in an executor: logging begins long before the code of this project. */
  @Test
  void json_that_a_container_says_is_of_the_same_text() throws IOException {
    System.setErr(new PrintStream(terminal, true, UTF_8));
    LoggerContext context = context(withJson());
    PrintStream out = System.out;
    try {
      PrintableStream.install();
      context.getLogger("io.vectorstream.Test").warn(ATTACK);
    } finally {
      System.setOut(out);
      context.stop();
    }

    assertHarmless(terminal.toString(UTF_8));
    assertThat(
            new ObjectMapper().readTree(terminal.toString(UTF_8)).at("/message/text").textValue())
        .isEqualTo(ATTACK);
  }

  /** A variable of the environment that this test has replaces LOG_JSON=true. */
  private Path withJson() throws IOException {
    String configuration = Files.readString(Path.of("../deploy/conf/log4j2.xml"));
    String asked = "propertyName=\"LOG_JSON\" propertyValue=\"true\"";
    assertThat(configuration).contains(asked);
    String there = "propertyName=\"PATH\" propertyValue=\"" + System.getenv("PATH") + "\"";
    return Files.writeString(folder.resolve("log4j2.xml"), configuration.replace(asked, there));
  }

  private static void log(Path configuration) {
    LoggerContext context = context(configuration);
    try {
      Logger log = context.getLogger("io.vectorstream.Test");
      log.warn(
          "user {}",
          ATTACK,
          new IllegalStateException(ATTACK, new IllegalArgumentException("inner " + ATTACK)));
    } finally {
      context.stop();
    }
  }

  private static LoggerContext context(Path configuration) {
    LoggerContext context = new LoggerContext("hostile", null, configuration.toUri());
    context.start();
    return context;
  }

  private static void assertOneLine(String text) {
    List<String> lines = text.lines().toList();
    assertThat(lines.get(0)).contains("Çay 🫖�[2J�]0;owned��8m��\\rx\\n2026-01-01 INFO forged");
    assertThat(lines.subList(1, lines.size()))
        .allMatch(
            line ->
                line.startsWith("\t")
                    || line.startsWith("  ")
                    || line.startsWith("Caused by: ")
                    || line.startsWith("java.lang.IllegalStateException: "))
        .anyMatch(line -> line.contains("2026-01-01 INFO forged"))
        .anyMatch(line -> line.startsWith("\tat io.vectorstream.local.HostileLogTest.log("));
    assertHarmless(text);
  }

  private static void assertHarmless(String text) {
    assertThat(text).doesNotContain("\u001b", "\u0007", "\u009b", "\u202e", "\u2028", "\r");
  }
}
