package io.vectorstream.local.run;

import java.util.Locale;

/** Where the Kafka and the vector store of a run live. */
public enum ServicesKind {
  /** In this process. */
  EMBEDDED,
  /** In containers that a test started. */
  CONTAINERS,
  /** At addresses that were given. */
  EXTERNAL;

  /** As the run summary names it. */
  String inSummary() {
    return name().toLowerCase(Locale.ROOT);
  }
}
