package io.vectorstream.command;

import io.vectorstream.process.NativeWork;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A shutdown hook for work that ends in order when the process is told to end. */
final class ShutdownHook {
  private ShutdownHook() {}

  /**
   * Does work that can be told to stop. Ctrl-C stops it, and lets it finish its present step,
   * before the process ends.
   *
   * @param stop asks the work to return soon
   * @param longest how long the process waits for that
   */
  static <T> T stops(Runnable stop, Duration longest, Supplier<T> work) {
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> stopAndWait(stop, longest, done), "ctrl-c");
    NativeWork.Lease nativeWork = NativeWork.ofProcess().keepPossible();
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.get();
    } finally {
      done.countDown();
      nativeWork.close();
      remove(hook);
    }
  }

  private static void stopAndWait(Runnable stop, Duration longest, CountDownLatch done) {
    stop.run();
    try {
      done.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: this runs because of its hook.
    }
  }
}
