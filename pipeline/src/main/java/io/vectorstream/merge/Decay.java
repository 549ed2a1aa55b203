package io.vectorstream.merge;

import java.io.Serializable;
import java.time.Duration;

/** Exponential decay: an action that is one half-life older counts half as much. */
public record Decay(Duration halfLife) implements Serializable {

  /**
   * Returns the value at {@code to} of 1 at {@code from}: {@code 2^(-(to - from) / halfLife)}, more
   * than 1 if {@code to} is the earlier. Both in microseconds since 1970.
   */
  public double factor(long fromMicros, long toMicros) {
    return Math.pow(2, ((double) fromMicros - toMicros) / (halfLife.toNanos() / 1000.0));
  }
}
