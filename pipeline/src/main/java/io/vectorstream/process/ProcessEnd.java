package io.vectorstream.process;

import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * What has to be done last when the JVM ends, by itself or because it is told to: native work comes
 * to its end, then the temporary files go.
 */
final class ProcessEnd {
  /** A pipeline takes up to five minutes to finish its batch. */
  private static final Duration LONGEST_LEASE = Duration.ofMinutes(6);

  /** To load a model takes a second or two where nothing else is going on. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

  private static boolean registered;

  private ProcessEnd() {}

  /** Has it done at the end of this JVM; a second call does nothing. */
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
