package io.vectorstream.stream;

import java.time.Duration;

/** The end of a thread that works in steps. */
final class StepThread {

  private static final Duration LONGEST_STEP = Duration.ofSeconds(5);

  private StepThread() {}

  /**
   * Waits for the end of the present step, which is interrupted when it takes too long. The thread
   * has been told to make no further one.
   */
  static void end(Thread thread) {
    try {
      thread.join(LONGEST_STEP.toMillis());
      thread.interrupt();
      thread.join(LONGEST_STEP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
