package io.vectorstream.store;

import java.io.Serializable;
import java.time.Instant;

/**
 * Statistics of a process's calls to Qdrant for the work of batches, since its start.
 *
 * @param made tries, failed ones included
 * @param failed tries that failed temporarily, and were made again
 * @param outageSince since when the server fails call after call; null while it answers
 * @param outageReason one sentence; null while it answers
 */
public record StoreCalls(long made, long failed, Instant outageSince, String outageReason)
    implements Serializable {

  public static final StoreCalls NONE = new StoreCalls(0, 0, null, null);

  /** Returns the sum of both; of two outages the one that began first. */
  public StoreCalls plus(StoreCalls other) {
    boolean own =
        outageSince != null
            && (other.outageSince == null || !other.outageSince.isBefore(outageSince));
    StoreCalls outage = own ? this : other;
    return new StoreCalls(
        made + other.made, failed + other.failed, outage.outageSince, outage.outageReason);
  }
}
