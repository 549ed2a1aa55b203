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
  public void show(RunProgress progress) {
    erase();
    List<String> lines = lines(progress);
    lines.forEach(out::println);
    drawn = lines.size();
    out.flush();
  }

  private static List<String> lines(RunProgress progress) {
    String until = progress.duration().map(all -> " of " + NumberText.clock(all)).orElse("");
    String batch =
        progress
            .last()
            .map(
                last ->
                    "batch %d: %s events in %s"
                        .formatted(
                            last.batch().id(),
                            NumberText.count(last.batch().events()),
                            NumberText.time(last.batch().durationMs())))
            .orElse("waiting for the first batch");
    String latency =
        progress
            .last()
            .flatMap(LastBatch::latencyMs)
            .map(ms -> "p50 " + NumberText.time(ms.p50()) + "  p99 " + NumberText.time(ms.p99()))
            .orElse("-");
    return List.of(
        "%s%s  %s, %s waiting"
            .formatted(
                NumberText.clock(progress.elapsed()),
                until,
                batch,
                NumberText.count(progress.waiting())),
        "  events   sent %s  stored %s  dead-lettered %s  duplicates %s"
            .formatted(
                NumberText.count(progress.sent()),
                NumberText.count(progress.totals().stored()),
                NumberText.count(progress.totals().deadLettered()),
                NumberText.count(progress.totals().duplicates())),
        "  rate     offered %s  stored %s  latency %s"
            .formatted(
                NumberText.perSecond(progress.offered()),
                NumberText.perSecond(progress.handled()),
                latency),
        "  store    %s products  %s users"
            .formatted(NumberText.count(progress.products()), NumberText.count(progress.users())));
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
