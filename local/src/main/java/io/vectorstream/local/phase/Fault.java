package io.vectorstream.local.phase;

import io.vectorstream.config.PositiveDuration;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Locale;

/**
 * Something that is broken on purpose.
 *
 * @param what is done
 * @param of to whom
 * @param at from the beginning of its phase; null: a time that the seed of the load decides
 * @param duration how long it lasts; null: {@link #USUAL}. A kill has none: what was killed is
 *     started again at once
 */
public record Fault(
    @NotNull Kind what, @NotNull Part of, Duration at, @PositiveDuration Duration duration) {

  static final Duration USUAL = Duration.ofSeconds(5);

  /** What is done to a part. */
  public enum Kind {
    /** Its process is killed, and started again at once. */
    KILL,
    /** It hangs: it takes connections and bytes, and gives nothing. */
    PAUSE,
    /** It is away: it refuses connections, or is killed and started again after the time. */
    OUTAGE,
    /** It is slow. */
    SLOW
  }

  /** What is broken. */
  public enum Part {
    /** The system itself. */
    SYSTEM,
    /** Kafka, for the system and for the sender. */
    KAFKA,
    /** The store, for the system alone. */
    STORE
  }

  /** Returns how long it lasts. */
  public Duration lasts() {
    if (what == Kind.KILL) {
      return Duration.ZERO;
    }
    return duration == null ? USUAL : duration;
  }

  /** Returns it in words: {@code outage of store}. */
  public String inWords() {
    return (what + " of " + of).toLowerCase(Locale.ROOT);
  }
}
