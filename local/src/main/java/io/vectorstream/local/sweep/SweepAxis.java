package io.vectorstream.local.sweep;

import java.util.Locale;

/** The parameter that a sweep varies. */
enum SweepAxis {
  /** Events per second. */
  RATE,
  /** Products of the catalogue. */
  PRODUCTS,
  /** Partitions of the topic. */
  PARTITIONS,
  /** Seconds between two micro-batches. */
  TRIGGER,
  /** Cores that Spark and the model use. */
  CORES;

  /** Returns the name in the result. */
  String inResult() {
    return name().toLowerCase(Locale.ROOT);
  }
}
