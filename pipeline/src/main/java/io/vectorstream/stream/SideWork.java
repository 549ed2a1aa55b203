package io.vectorstream.stream;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Work that waits for a service, on a thread of its own beside other work. Closing it interrupts
 * work that has not ended, and waits for its end.
 */
final class SideWork implements AutoCloseable {

  /** A time longer than a call to a service takes to notice that it is interrupted. */
  private static final Duration LONGEST_END = Duration.ofMinutes(1);

  private final ExecutorService thread;
  private final Future<?> work;

  private SideWork(String name, Runnable work) {
    this.thread =
        Executors.newSingleThreadExecutor(
            new ThreadFactoryBuilder().setNameFormat(name).setDaemon(true).build());
    this.work = thread.submit(work);
  }

  /**
   * @param name of the thread
   */
  static SideWork begin(String name, Runnable work) {
    return new SideWork(name, work);
  }

  /** Waits for its end; throws the exception that it has thrown. */
  void await() {
    try {
      work.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public void close() {
    work.cancel(true);
    MoreExecutors.shutdownAndAwaitTermination(thread, LONGEST_END);
  }
}
