package io.vectorstream.monitoring;

import io.vectorstream.config.Redaction;
import java.time.Instant;

/**
 * The health of the pipeline.
 *
 * @param since when it came into this state
 * @param reason one sentence; empty while there is none
 * @param restarts how often the query was started again since the process began
 */
public record Health(State state, Instant since, String reason, int restarts) {

  public Health {
    reason = Redaction.mask(reason);
  }

  public enum State {
    /** It checks its requirements, and completes work that a lost checkpoint left unfinished. */
    STARTING,
    /** It takes in events. */
    RUNNING,
    /** It takes in events, but a batch takes far longer than it should. */
    DELAYED,
    /** The present batch waits for a service that does not answer. */
    WAITING,
    /** The query failed, and is started again after a while. */
    RESTARTING,
    /** The query failed for a lasting reason. */
    FAILED,
    /** It was told to stop. */
    STOPPED;

    /** Returns whether it continues by itself, without a start by an operator. */
    public boolean isAlive() {
      return this != FAILED && this != STOPPED;
    }

    /** Returns whether it takes in events at present. */
    public boolean isReady() {
      return this == RUNNING || this == DELAYED;
    }
  }
}
