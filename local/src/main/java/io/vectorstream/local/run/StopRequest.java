package io.vectorstream.local.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request to end a run early. Any thread may make it. */
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

  /** Waits until a stop is requested. */
  public void await() throws InterruptedException {
    wanted.await();
  }
}
