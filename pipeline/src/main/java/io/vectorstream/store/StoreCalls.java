package io.vectorstream.store;

import java.io.Serializable;
import java.time.Instant;

/**
 * How a process's calls to Qdrant for the work of batches went, since it began.
 *
 * @param made tries, those included that failed
 * @param failed tries that failed in passing, and were made again
 * @param outageSince since when the server fails call after call; null while it answers
 * @param outageReason one sentence; null while it answers
 */
public record StoreCalls(long made, long failed, Instant outageSince, String outageReason)
    implements Serializable {

  public static final StoreCalls NONE = new StoreCalls(0, 0, null, null);

  /** Both together; of two outages the one that began first. */
  public StoreCalls plus(StoreCalls other) {
    boolean own =
        outageSince != null
            && (other.outageSince == null || !other.outageSince.isBefore(outageSince));
    StoreCalls outage = own ? this : other;
    return new StoreCalls(
        made + other.made, failed + other.failed, outage.outageSince, outage.outageReason);
  }
}
