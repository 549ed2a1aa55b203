package io.vectorstream.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.reports.result.ResultFile;
import io.vectorstream.reports.result.ResultReader;
import io.vectorstream.reports.result.SystemsResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The same load on several systems, as a page and a terminal show it. */
class SystemsSectionTest {
  private final List<ResultFile> files =
      ResultReader.read(List.of(Path.of("src/test/resources/written/systems.json")));

  private final SystemsResult result = (SystemsResult) files.get(0).result();
  private final Report report = new Report(Instant.EPOCH, files, Optional.empty());

  private SystemsTable.Row row(String name) {
    return SystemsTable.of(result).stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void each_system_has_a_column_and_the_best_one_is_named() {
    assertThat(row("Stored").values()).containsExactly("199 events/s", "200 events/s");
    assertThat(row("Until searchable, p50").values()).containsExactly("6.1 s", "103 ms");
    assertThat(row("Until searchable, p50").best()).containsExactly("sink");
    assertThat(row("Lost events").values()).containsExactly("0", "6");
    assertThat(row("Lost events").best()).containsExactly("vectorstream");
    assertThat(row("Doubled events").best()).isEmpty();
  }

  @Test
  void what_is_not_promised_or_was_not_seen_is_said_and_no_fault() {
    assertThat(row("Wrong sums").values()).containsExactly("0 of 12,000", "not promised");
    assertThat(row("Until acknowledged, p50").values()).containsExactly("6.3 s", "–");
    assertThat(row("Acknowledged before stored").values()).containsExactly("0", "–");
    assertThat(row("Recovered, kill of system").values())
        .containsExactly("14.0 s", "not while the load was on");
    assertThat(row("Promises kept").values()).containsExactly("2 of 2", "0 of 1");
  }

  @Test
  void where_another_system_wins_it_is_said() {
    assertThat(SystemsTable.wins(result))
        .anyMatch(line -> line.startsWith("sink has the best figure in: stored, "))
        .anyMatch(
            line ->
                line.startsWith("vectorstream has the best figure in: ")
                    && line.contains("lost events"));
  }

  @Test
  void the_page_and_the_terminal_have_the_table_and_the_promises() {
    assertThat(HtmlPage.of(report))
        .contains(
            "<section id=\"systems\"",
            "<caption>Figures of each system</caption>",
            "each system is killed after 30.0 s",
            "✗ broken",
            "not promised",
            "with status 1",
            "kill of system at 30 s: 14.0 s",
            "Reasons not to trust these figures",
            "the cores were busy to 99 % most of the time",
            "1 of 3 targets missed");
    assertThat(TextSummary.of(report).lines())
        .anyMatch(line -> line.matches("Lost events +0 +6"))
        .anyMatch(line -> line.startsWith("MISSED  none lost"))
        .contains("In doubt, vectorstream: the cores were busy to 99 % most of the time");
  }
}
