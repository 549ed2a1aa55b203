package io.vectorstream.generator;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** The time a run goes by. Tests bring their own. */
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

  /** Waits about so long, or less. */
  void sleep(long nanos);
}
