package io.vectorstream.local.run;

import io.vectorstream.local.run.BatchLog.LastBatch;
import io.vectorstream.process.Printable;
import java.io.PrintStream;
import java.util.List;

/** A block of four lines that is redrawn in its place; no line is wider than 80 columns. */
final class BlockDisplay implements ProgressDisplay {
  private static final String UP = "\u001b[%dA";
  private static final String CLEAR_BELOW = "\r\u001b[J";

  private final PrintStream out;
  private int drawn;

  BlockDisplay(PrintStream out) {
    this.out = out;
  }

  @Override
  public void show(Progress progress) {
    erase();
    List<String> lines = lines(progress);
    lines.forEach(out::println);
    drawn = lines.size();
    out.flush();
  }

  private static List<String> lines(Progress progress) {
    String until = progress.duration().map(all -> " of " + Words.clock(all)).orElse("");
    String batch =
        progress
            .last()
            .map(
                last ->
                    "batch %d: %s events in %s"
                        .formatted(
                            last.batch().id(),
                            Words.count(last.batch().events()),
                            Words.time(last.batch().durationMs())))
            .orElse("waiting for the first batch");
    String latency =
        progress
            .last()
            .flatMap(LastBatch::latencyMs)
            .map(ms -> "p50 " + Words.time(ms.p50()) + "  p99 " + Words.time(ms.p99()))
            .orElse("-");
    return List.of(
        "%s%s  %s, %s waiting"
            .formatted(
                Words.clock(progress.elapsed()), until, batch, Words.count(progress.waiting())),
        "  events   sent %s  stored %s  dead-lettered %s  duplicates %s"
            .formatted(
                Words.count(progress.sent()),
                Words.count(progress.totals().stored()),
                Words.count(progress.totals().deadLettered()),
                Words.count(progress.totals().duplicates())),
        "  rate     offered %s  stored %s  latency %s"
            .formatted(
                Words.perSecond(progress.offered()), Words.perSecond(progress.handled()), latency),
        "  store    %s products  %s users"
            .formatted(Words.count(progress.products()), Words.count(progress.users())));
  }

  /** Clears the block. */
  void erase() {
    if (drawn > 0) {
      out.print(UP.formatted(drawn) + CLEAR_BELOW);
      drawn = 0;
    }
  }

  @Override
  public void say(String line) {
    erase();
    out.println(Printable.text(line));
    out.flush();
  }

  @Override
  public void finish() {
    drawn = 0;
    out.flush();
  }
}
