package io.vectorstream.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The calls of native libraries that are under way in this process, in whatever thread. A JVM that
 * ends while one of them runs may crash: the library's own memory is torn down under it. So {@link
 * ProcessEnd} waits for those in hand, and none begins after that.
 */
public final class NativeWork {

  /** A call that is turned away, because the process is about to end. */
  public static final class EndingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private EndingException() {
      super("the process is ending, and begins no native work any more");
    }
  }

  /** Work that goes on while the process ends, and needs native calls for that. */
  public final class Lease implements AutoCloseable {
    private boolean released;

    private Lease() {}

    /** A second call does nothing. */
    @Override
    public void close() {
      synchronized (NativeWork.this) {
        if (!released) {
          released = true;
          leases--;
          NativeWork.this.notifyAll();
        }
      }
    }
  }

  private static final NativeWork OF_PROCESS = new NativeWork();

  private int inHand;
  private int leases;
  private boolean over;
  private final List<Runnable> atEnd = new ArrayList<>();

  NativeWork() {}

  /** That of this process, which its end waits for. */
  public static NativeWork ofProcess() {
    ProcessEnd.register();
    return OF_PROCESS;
  }

  static NativeWork unregistered() {
    return OF_PROCESS;
  }

  /**
   * Does some. It may call this again.
   *
   * @throws EndingException if the process is ending
   */
  public <T> T run(Supplier<T> work) {
    begin();
    try {
      return work.get();
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    check();
    inHand++;
  }

  /**
   * Lets work that has several steps end before the next one.
   *
   * @throws EndingException if the process is ending
   */
  public synchronized void check() {
    if (over) {
      throw new EndingException();
    }
  }

  private synchronized void end() {
    inHand--;
    notifyAll();
  }

  /**
   * Asks that native work be possible until the lease is closed, also while the process ends: for
   * somebody who finishes something at that time.
   */
  public synchronized Lease keepPossible() {
    leases++;
    return new Lease();
  }

  /** Has something done when no work is in hand any more, and none begins. */
  public synchronized void atEnd(Runnable release) {
    atEnd.add(release);
  }

  /**
   * Waits for the leases, then lets no work begin, and waits for what is in hand.
   *
   * @param longestLease how long to wait for the leases
   * @param longestCall how long to wait for what is in hand
   * @return whether nothing is in hand any more
   */
  synchronized boolean end(Duration longestLease, Duration longestCall)
      throws InterruptedException {
    long end = System.nanoTime() + longestLease.toNanos();
    while (leases > 0 && await(end)) {
      // Until the last is closed.
    }
    over = true;
    end = System.nanoTime() + longestCall.toNanos();
    while (inHand > 0 && await(end)) {
      // Until the last has returned.
    }
    if (inHand > 0) {
      return false;
    }
    atEnd.forEach(Runnable::run);
    return true;
  }

  private boolean await(long end) throws InterruptedException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      return false;
    }
    wait(millis);
    return true;
  }
}
