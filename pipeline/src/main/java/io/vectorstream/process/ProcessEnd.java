package io.vectorstream.process;

import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * The last steps when the JVM ends, by itself or on a signal: native work ends, then the temporary
 * files are deleted.
 */
final class ProcessEnd {
  /** The longest wait for a lease: a pipeline takes up to five minutes to finish its batch. */
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(6);

  /** The longest wait for a call: loading a model takes a second or two on an idle machine. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

  private static boolean registered;

  private ProcessEnd() {}

  /** Registers these steps for the end of this JVM; a second call does nothing. */
  static synchronized void register() {
    if (registered) {
      return;
    }
    registered = true;
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::end, "process-end"));
    } catch (IllegalStateException e) {
      // It is ending already.
    }
  }

  private static void end() {
    try {
      if (!NativeWork.unregistered().end(LONGEST_LEASE, LONGEST_CALL)) {
        LoggerFactory.getLogger(ProcessEnd.class)
            .warn("the process ends although native work is still under way");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    TemporaryFolder.deleteOfProcess();
  }
}
