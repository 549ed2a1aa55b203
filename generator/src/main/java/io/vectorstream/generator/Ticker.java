package io.vectorstream.generator;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** The clock of a run. Tests use their own. */
interface Ticker {

  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public void sleep(long nanos) {
          LockSupport.parkNanos(nanos);
        }
      };

  long nanoTime();

  Instant now();

  /** Waits about this long, or less. */
  void sleep(long nanos);
}
