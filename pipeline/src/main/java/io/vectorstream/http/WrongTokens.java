package io.vectorstream.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries with wrong tokens: they are counted as {@code vectorstream.http.wrong.tokens}, slowed
 * down for their address and in all, and logged now and then, without the token.
 *
 * <p>A right token is admitted at once, unless its own address has just guessed too often:
 * otherwise an attacker would learn that a guess was right. A right token from an address with no
 * or few wrong ones is admitted however many clients guess elsewhere.
 */
final class WrongTokens {
  private static final Logger log = LoggerFactory.getLogger(WrongTokens.class);

  /** The wrong tokens of one address that are answered at once; each further one waits. */
  private static final int FREE_TRIES = 10;

  private static final Duration PER_TRY = Duration.ofSeconds(2);

  /** The same of all addresses together. */
  private static final int FREE_TRIES_IN_ALL = 100;

  private static final Duration PER_TRY_IN_ALL = Duration.ofMillis(200);

  /** The longest wait because of other addresses, which an attacker may have invented. */
  private static final Duration LONGEST_WAIT_IN_ALL = Duration.ofSeconds(5);

  /** The number of wrong tokens that counts as a mistake, whatever happens elsewhere. */
  private static final int MISTAKES = 3;

  private static final int MOST_ADDRESSES = 10_000;
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  private final Cache<String, Tries> byAddress;
  private final Tries inAll = new Tries(FREE_TRIES_IN_ALL, PER_TRY_IN_ALL);
  private final Counter counter;
  private final Ticker clock;
  private final Executor later;
  private String latest;
  private long untold;
  private long toldAt;

  WrongTokens(MeterRegistry meters) {
    this(
        meters,
        Ticker.systemTicker(),
        CompletableFuture.delayedExecutor(BETWEEN_LINES.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * @param later runs an action after the time between two lines in the log
   */
  WrongTokens(MeterRegistry meters, Ticker clock, Executor later) {
    this.clock = clock;
    this.later = later;
    this.toldAt = clock.read() - BETWEEN_LINES.toNanos();
    this.counter =
        Counter.builder("vectorstream.http.wrong.tokens")
            .description("Requests that showed a wrong token")
            .register(meters);
    this.byAddress =
        Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterAccess(REMEMBERED)
            .ticker(clock)
            .executor(Runnable::run)
            .build();
  }

  /**
   * Records a token.
   *
   * @param isRight whether it was a right one
   * @throws RequestException 429, whether it was right or not, if its address has to wait
   */
  synchronized void check(String address, boolean isRight) {
    long now = clock.read();
    Tries own = byAddress.getIfPresent(address);
    if (!isRight) {
      count(address, now);
      own = byAddress.get(address, any -> new Tries(FREE_TRIES, PER_TRY));
    }
    if (own == null) {
      return;
    }
    long wait = own.waitAt(now);
    if (own.taken >= MISTAKES) {
      wait = Math.max(wait, Math.min(inAll.waitAt(now), LONGEST_WAIT_IN_ALL.toNanos()));
    }
    if (wait > 0) {
      throw tooMany(wait);
    }
    if (!isRight) {
      own.take(now);
      if (inAll.waitAt(now) < LONGEST_WAIT_IN_ALL.toNanos()) {
        inAll.take(now);
      }
    }
  }

  private static RequestException tooMany(long waitNanos) {
    long seconds = Math.max(1, Duration.ofNanos(waitNanos).plusMillis(999).toSeconds());
    return new RequestException(
        Status.TOO_MANY_REQUESTS,
        "too many wrong tokens were shown, and no token is checked; try again in %d s"
            .formatted(seconds),
        Map.of("Retry-After", Long.toString(seconds)));
  }

  private void count(String address, long now) {
    counter.increment();
    latest = address;
    untold++;
    if (now - toldAt >= BETWEEN_LINES.toNanos()) {
      tell();
    } else if (untold == 1) {
      // The last tries of a burst are logged as well.
      later.execute(this::tellRest);
    }
  }

  private synchronized void tellRest() {
    if (untold > 0) {
      tell();
    }
  }

  private void tell() {
    log.warn(
        "wrong tokens were shown to the HTTP API: {} since the last such message, the latest from {}",
        untold,
        latest);
    untold = 0;
    toldAt = clock.read();
  }

  /** The tries of an address, and when the next wrong one is answered, after those before. */
  private static final class Tries {
    private final long allowance;
    private final long perTry;
    private long taken;
    private long workedOffAt;

    private Tries(int free, Duration perTry) {
      this.perTry = perTry.toNanos();
      this.allowance = (free - 1) * this.perTry;
    }

    private long waitAt(long now) {
      return taken == 0 ? 0 : workedOffAt - allowance - now;
    }

    private void take(long now) {
      // Compares differences, because such a clock may overflow.
      boolean isBehind = taken > 0 && workedOffAt - now > 0;
      workedOffAt = (isBehind ? workedOffAt : now) + perTry;
      taken++;
    }
  }
}
