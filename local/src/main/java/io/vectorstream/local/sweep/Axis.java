package io.vectorstream.local.sweep;

import java.util.Locale;

/** What a sweep varies. */
enum Axis {
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

  /** As the result names it. */
  String inResult() {
    return name().toLowerCase(Locale.ROOT);
  }
}
