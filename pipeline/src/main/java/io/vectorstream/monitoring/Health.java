package io.vectorstream.monitoring;

import io.vectorstream.config.Redaction;
import java.time.Instant;

/**
 * How the pipeline is.
 *
 * @param since when it came into this state
 * @param reason one sentence; empty while there is nothing to say
 * @param restarts how often the query was started again since the process began
 */
public record Health(State state, Instant since, String reason, int restarts) {

  public Health {
    reason = Redaction.mask(reason);
  }

  public enum State {
    /** Checks what it needs, and mends what a lost checkpoint left behind. */
    STARTING,
    /** Takes in events. */
    RUNNING,
    /** Takes in events, but a batch takes far longer than it should. */
    DELAYED,
    /** The batch in hand waits for a service that does not answer. */
    WAITING,
    /** The query failed, and is started again after a while. */
    RESTARTING,
    /** The query failed for a reason that time will not mend. */
    FAILED,
    /** Told to stop. */
    STOPPED;

    /** Whether it goes on by itself; nobody has to start it again. */
    public boolean isAlive() {
      return this != FAILED && this != STOPPED;
    }

    /** Whether it takes in events just now. */
    public boolean isReady() {
      return this == RUNNING || this == DELAYED;
    }
  }
}
