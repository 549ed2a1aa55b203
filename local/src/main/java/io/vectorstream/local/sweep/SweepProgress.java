package io.vectorstream.local.sweep;

import io.vectorstream.local.run.NumberText;
import io.vectorstream.reports.result.SweepResult.Run;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The progress of a sweep for a reader: the present run, the remaining time, and results. */
public final class SweepProgress {
  /** The duration of a run beside its load before any was measured: starting, storing, stopping. */
  private static final Duration USUAL_OVERHEAD = Duration.ofSeconds(15);

  private final PrintStream out;
  private final long startNanos = System.nanoTime();
  private int number;
  private long stepStartNanos;
  private Duration sending = Duration.ZERO;
  private Duration overhead = USUAL_OVERHEAD;

  public SweepProgress(PrintStream out) {
    this.out = out;
  }

  /**
   * @param toCome how long events will be sent in the runs that are probably to come, this one
   *     included if it is measured
   */
  void starting(String label, SweepRun step, List<Duration> toCome) {
    number++;
    stepStartNanos = System.nanoTime();
    sending = step.duration();
    Duration left =
        toCome.stream().map(d -> d.plus(overhead)).reduce(Duration.ZERO, Duration::plus);
    out.printf(
        Locale.ROOT,
        "[%s] run %d of about %d, %s for %s; about %d min left%n",
        NumberText.clock(Duration.ofNanos(stepStartNanos - startNanos)),
        number,
        number - 1 + Math.max(1, toCome.size()),
        label,
        NumberText.seconds(sending),
        Math.max(1, left.plusSeconds(30).toMinutes()));
  }

  /** Records how long the run that has ended took beside its load. */
  void finished() {
    Duration took = Duration.ofNanos(System.nanoTime() - stepStartNanos).minus(sending);
    // The first one starts a cold JVM, and embeds the catalogue.
    overhead = number == 1 ? USUAL_OVERHEAD : overhead.plus(took).dividedBy(2);
  }

  void measured(Run run) {
    out.printf(
        Locale.ROOT, "        %-11s %10s  %s%n", run.axis(), run.label(), SweepTable.figures(run));
  }
}
