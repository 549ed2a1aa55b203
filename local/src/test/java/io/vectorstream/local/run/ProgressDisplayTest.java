package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.local.run.BatchLog.LastBatch;
import io.vectorstream.local.run.BatchLog.Percentiles;
import io.vectorstream.monitoring.PipelineTotals;
import io.vectorstream.reports.result.RunSummary.Batch;
import io.vectorstream.reports.result.RunSummary.Phases;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
  private static final String ESCAPE = "\u001b";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** After so many seconds at 1,000 a second; the latest batch is the one given, -1 for none. */
  private static RunProgress progress(int seconds, long batch) {
    Optional<LastBatch> last =
        batch < 0
            ? Optional.empty()
            : Optional.of(
                new LastBatch(
                    new Batch(batch, Instant.EPOCH, 2_100, 10_000, new Phases(0, 0, 0)),
                    Optional.of(new Percentiles(6_120, 11_800))));
    return new RunProgress(
        Duration.ofSeconds(seconds),
        Optional.of(Duration.ofSeconds(60)),
        seconds * 1000L,
        1000,
        batch < 0 ? 0 : 998,
        new PipelineTotals(20_000, 19_900, 60, 40),
        1_870,
        4_200,
        last);
  }

  @Test
  void a_plain_log_gets_one_line_a_batch_and_one_every_five_seconds_without_control_characters() {
    ProgressDisplay display = ProgressDisplay.on(out, false, Map.of());
    for (int second = 1; second <= 30; second++) {
      display.show(progress(second, second / 10 - 1));
    }
    display.finish();

    assertThat(lines())
        .extracting(line -> line.substring(0, 7))
        .containsExactly("[00:05]", "[00:10]", "[00:15]", "[00:20]", "[00:25]", "[00:30]");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain(ESCAPE, "\r");
    assertThat(lines().get(0))
        .isEqualTo("[00:05] sent 5,000 (1,000/s), stored 19,900 (0/s), dead-lettered 40");
    assertThat(lines().get(5))
        .isEqualTo(
            "[00:30] sent 30,000 (1,000/s), stored 19,900 (998/s), dead-lettered 40"
                + " | latency p50 6.1 s, p99 11.8 s | 1,870 products, 4,200 users"
                + " | batch 2: 10,000 in 2.1 s");
  }

  @Test
  void a_terminal_gets_a_block_that_is_drawn_over_the_one_before() {
    ProgressDisplay display = ProgressDisplay.on(out, true, Map.of("TERM", "xterm"));
    display.show(progress(23, 1));
    assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain(ESCAPE);
    assertThat(lines()).hasSize(4).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    assertThat(lines().get(0)).contains("00:23 of 01:00", "batch 1", "3,000 waiting");

    display.show(progress(24, 1));
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(ESCAPE + "[4A");
  }

  @Test
  void what_is_said_stays_above_the_block() {
    ProgressDisplay display = ProgressDisplay.on(out, true, Map.of());
    display.show(progress(1, -1));
    display.say("all is sent");
    bytes.reset();
    display.show(progress(2, -1));
    assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain(ESCAPE);
  }

  @Test
  void no_color_and_a_dumb_terminal_get_plain_lines() {
    assertThat(ProgressDisplay.on(out, true, Map.of("NO_COLOR", "1")))
        .isInstanceOf(LineDisplay.class);
    assertThat(ProgressDisplay.on(out, true, Map.of("TERM", "dumb")))
        .isInstanceOf(LineDisplay.class);
    assertThat(ProgressDisplay.on(out, true, Map.of("NO_COLOR", "")))
        .isInstanceOf(BlockDisplay.class);
  }
}
