package io.vectorstream.local.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Somebody's wish that a run ends before its time. Any thread may express it. */
public final class StopRequest {
  private final CountDownLatch wanted = new CountDownLatch(1);

  public void request() {
    wanted.countDown();
  }

  public boolean isRequested() {
    return wanted.getCount() == 0;
  }

  /** Returns true as soon as a stop is requested, or false after that time. */
  public boolean await(Duration time) throws InterruptedException {
    return wanted.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Returns when a stop is requested. */
  public void await() throws InterruptedException {
    wanted.await();
  }
}
