package io.vectorstream.local.run;

import java.io.PrintStream;
import java.util.Map;

/** A display of a run in progress. All calls come from one thread. */
public interface ProgressDisplay {

  /** The display that shows nothing. */
  ProgressDisplay NONE =
      new ProgressDisplay() {
        @Override
        public void show(RunProgress progress) {}

        @Override
        public void say(String line) {}

        @Override
        public void finish() {}
      };

  /** Shows the progress of the run; called about once a second. */
  void show(RunProgress progress);

  /** Prints a line that stays. */
  void say(String line);

  /** Leaves the last display as it is; further output comes below it. */
  void finish();

  /**
   * Returns a block that is redrawn if that works, and otherwise lines that read well in a log.
   *
   * @param terminal whether {@code out} is a terminal that a user looks at
   * @param environment such as {@code System.getenv()}; {@code NO_COLOR} and {@code TERM=dumb} ask
   *     for plain lines
   */
  static ProgressDisplay on(PrintStream out, boolean terminal, Map<String, String> environment) {
    return isPlain(terminal, environment) ? new LineDisplay(out) : new BlockDisplay(out);
  }

  /**
   * Returns a display for one of many runs: the same block, which is removed when the run is over,
   * and nothing where no block can be drawn.
   */
  static ProgressDisplay passing(
      PrintStream out, boolean terminal, Map<String, String> environment) {
    return isPlain(terminal, environment) ? NONE : new PassingDisplay(new BlockDisplay(out));
  }

  private static boolean isPlain(boolean terminal, Map<String, String> environment) {
    return !terminal
        || !environment.getOrDefault("NO_COLOR", "").isEmpty()
        || environment.getOrDefault("TERM", "").equals("dumb");
  }
}
