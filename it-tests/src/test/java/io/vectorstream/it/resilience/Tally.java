package io.vectorstream.it.resilience;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * The number of faults that the tests of this package caused, and the fate of the events; printed
 * when all of them are over.
 */
public final class Tally implements TestExecutionListener {

  private static final Map<String, Long> DONE = new TreeMap<>();
  private static final Map<String, Long> COUNTED = new TreeMap<>();

  /** Counts faults, such as kills. */
  static synchronized void done(String what, long times) {
    DONE.merge(what, times, Long::sum);
  }

  /**
   * Counts the events of a test that compared what was sent with what is stored.
   *
   * @param stored events that are stored, each once
   * @param lost events of which there is no trace
   * @param doubled events that were counted more than once
   */
  static synchronized void counted(
      long sent, long stored, long deadLettered, long duplicates, long lost, long doubled) {
    COUNTED.merge("sent", sent, Long::sum);
    COUNTED.merge("stored", stored, Long::sum);
    COUNTED.merge("dead-lettered", deadLettered, Long::sum);
    COUNTED.merge("duplicates", duplicates, Long::sum);
    COUNTED.merge("lost", lost, Long::sum);
    COUNTED.merge("doubled", doubled, Long::sum);
  }

  /**
   * The seed of a test: {@code -Dresilience.seed}, or one drawn now. It is printed, to repeat it.
   */
  static long seed(String test) {
    long seed = Long.getLong("resilience.seed", System.nanoTime() & 0xffff_ffffL);
    System.out.printf("%s: seed %d; -Dresilience.seed=%d repeats it%n", test, seed, seed);
    return seed;
  }

  /** Returns whether {@code -Dresilience=long} asks for the long form. */
  static boolean isLong() {
    String form = System.getProperty("resilience", "short");
    if (!form.equals("short") && !form.equals("long")) {
      throw new IllegalArgumentException("-Dresilience=" + form + ": expected short or long");
    }
    return form.equals("long");
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    synchronized (Tally.class) {
      if (DONE.isEmpty()) {
        return;
      }
      System.out.println();
      System.out.println("What was done to the system");
      DONE.forEach((what, times) -> System.out.printf("  %,12d  %s%n", times, what));
      System.out.println("What became of the events");
      COUNTED.forEach((what, events) -> System.out.printf("  %,12d  %s%n", events, what));
      System.out.println();
    }
  }
}
