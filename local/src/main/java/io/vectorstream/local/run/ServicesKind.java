package io.vectorstream.local.run;

import java.util.Locale;

/** The kind of the Kafka and the vector store of a run. */
public enum ServicesKind {
  /** In this process. */
  EMBEDDED,
  /** In containers that a test started. */
  CONTAINERS,
  /** At addresses that were given. */
  EXTERNAL;

  /** Returns the name in the run summary. */
  String inSummary() {
    return name().toLowerCase(Locale.ROOT);
  }
}
