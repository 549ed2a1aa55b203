package io.vectorstream.local.run;

import java.io.PrintStream;
import java.util.Map;

/** Shows a run while it goes on. All calls come from one thread. */
public interface ProgressDisplay {

  /** Shows nothing. */
  ProgressDisplay NONE =
      new ProgressDisplay() {
        @Override
        public void show(Progress progress) {}

        @Override
        public void say(String line) {}

        @Override
        public void finish() {}
      };

  /** Shows where the run is; called about once a second. */
  void show(Progress progress);

  /** A line that stays. */
  void say(String line);

  /** Leaves what was shown last as it is; whatever is printed next comes below it. */
  void finish();

  /**
   * A block that is drawn again and again where that works, and otherwise lines that read well in a
   * log.
   *
   * @param terminal whether {@code out} is one that somebody looks at
   * @param environment such as {@code System.getenv()}; {@code NO_COLOR} and {@code TERM=dumb} ask
   *     for plain lines
   */
  static ProgressDisplay on(PrintStream out, boolean terminal, Map<String, String> environment) {
    return isPlain(terminal, environment) ? new LineDisplay(out) : new BlockDisplay(out);
  }

  /**
   * For one of many runs: the same block, which is gone when the run is over, and nothing where no
   * block can be drawn.
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
