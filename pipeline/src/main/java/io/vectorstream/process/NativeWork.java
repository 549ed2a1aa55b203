package io.vectorstream.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The calls of native libraries that are under way in this process, in whatever thread. A JVM that
 * ends while one of them runs may crash, because the library's own memory is freed during the call.
 * So {@link ProcessEnd} waits for the present calls, and none begins after that.
 */
public final class NativeWork {

  /** The refusal of a call, because the process is about to end. */
  public static final class EndingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private EndingException() {
      super("the process is ending, and begins no native work any more");
    }
  }

  /** A permission for work that needs native calls while the process ends. */
  public final class Lease implements AutoCloseable {
    private boolean released;

    private Lease() {}

    /** Ends the permission. A second call does nothing. */
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

  /** Returns the native work of this process, which its end waits for. */
  public static NativeWork ofProcess() {
    ProcessEnd.register();
    return OF_PROCESS;
  }

  static NativeWork unregistered() {
    return OF_PROCESS;
  }

  /**
   * Runs native work, which may call this again.
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
   * Ends work of several steps before the next step, if the process is ending.
   *
   * @throws EndingException if it is
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
   * Keeps native work possible until the lease is closed, also while the process ends: for callers
   * that finish something at that time.
   */
  public synchronized Lease keepPossible() {
    leases++;
    return new Lease();
  }

  /** Registers an action that runs when no native work is under way any more, and none begins. */
  public synchronized void atEnd(Runnable release) {
    atEnd.add(release);
  }

  /**
   * Waits for the leases, then lets no work begin, and waits for the present calls.
   *
   * @param longestLease how long to wait for the leases
   * @param longestCall how long to wait for the present calls
   * @return whether no call is under way any more
   */
  synchronized boolean end(Duration longestLease, Duration longestCall)
      throws InterruptedException {
    long end = System.nanoTime() + longestLease.toNanos();
    while (leases > 0 && await(end)) {
      // Waits until the last lease is closed.
    }
    over = true;
    end = System.nanoTime() + longestCall.toNanos();
    while (inHand > 0 && await(end)) {
      // Waits until the last call has returned.
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
