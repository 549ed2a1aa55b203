package io.vectorstream.local.run;

import io.vectorstream.local.run.BatchLog.LastBatch;
import io.vectorstream.process.Printable;
import java.io.PrintStream;
import java.time.Duration;

/** One compact line a batch, or one every five seconds while no batch ends. */
final class LineDisplay implements ProgressDisplay {
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

  private final PrintStream out;
  private Duration lastLine = Duration.ZERO;
  private long lastBatch = -1;

  LineDisplay(PrintStream out) {
    this.out = out;
  }

  @Override
  public void show(RunProgress progress) {
    long batch = progress.last().map(last -> last.batch().id()).orElse(-1L);
    boolean silent = progress.elapsed().minus(lastLine).compareTo(LONGEST_SILENCE) >= 0;
    if (batch == lastBatch && !silent) {
      return;
    }
    lastBatch = batch;
    lastLine = progress.elapsed();
    out.println(line(progress));
  }

  private static String line(RunProgress progress) {
    StringBuilder line = new StringBuilder("[" + NumberText.clock(progress.elapsed()) + "]");
    line.append(" sent ").append(NumberText.count(progress.sent()));
    line.append(" (").append(NumberText.perSecond(progress.offered())).append(")");
    line.append(", stored ").append(NumberText.count(progress.totals().stored()));
    line.append(" (").append(NumberText.perSecond(progress.handled())).append(")");
    line.append(", dead-lettered ").append(NumberText.count(progress.totals().deadLettered()));
    progress.last().ifPresent(last -> append(line, last, progress));
    return line.toString();
  }

  private static void append(StringBuilder line, LastBatch last, RunProgress progress) {
    last.latencyMs()
        .ifPresent(
            latency ->
                line.append(" | latency p50 ")
                    .append(NumberText.time(latency.p50()))
                    .append(", p99 ")
                    .append(NumberText.time(latency.p99())));
    line.append(" | ").append(NumberText.count(progress.products())).append(" products, ");
    line.append(NumberText.count(progress.users())).append(" users");
    line.append(" | batch ").append(last.batch().id()).append(": ");
    line.append(NumberText.count(last.batch().events())).append(" in ");
    line.append(NumberText.time(last.batch().durationMs()));
  }

  @Override
  public void say(String line) {
    out.println(Printable.text(line));
  }

  @Override
  public void finish() {
    out.flush();
  }
}
