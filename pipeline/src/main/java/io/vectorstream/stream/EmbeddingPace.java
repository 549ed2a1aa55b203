package io.vectorstream.stream;

import io.vectorstream.monitoring.EmbeddingBacklog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much waits for its embedding, and how fast it is worked off. When it takes longer than it
 * should, embedding gets more of the time: it goes on while a batch waits, which leaves more of the
 * events in Kafka. That ends only when half of it is done, so that it does not come and go.
 */
final class EmbeddingPace {

  private static final Logger log = LoggerFactory.getLogger(EmbeddingPace.class);

  /** What a step's figures count beside those of the steps before. */
  private static final double NEW = 0.2;

  static final int FEWEST = 32;
  static final int MOST = 500;

  private final Duration longest;
  private final Duration turn;
  private final Clock clock;
  private double textsPerSecond;
  private double textsPerProduct;
  private double queriesPerUser;
  private long products;
  private long users;
  private Instant countedAt = Instant.MIN;
  private Instant since;
  private boolean urgent;

  /**
   * @param longest what is waiting should be embedded within that time
   * @param turn how long embedding may go on while a batch waits, when it takes longer
   */
  EmbeddingPace(Duration longest, Duration turn, Clock clock) {
    this.longest = longest;
    this.turn = turn;
    this.clock = clock;
  }

  /** Learns from a step how many texts were embedded, and in what time. */
  synchronized void embedded(long texts, Duration taken) {
    double seconds = Math.max(1, taken.toMillis()) / 1000.0;
    textsPerSecond = mean(textsPerSecond, texts / seconds);
  }

  /** Learns how many texts each of some products waits for. */
  synchronized void sawProducts(long products, long texts) {
    textsPerProduct = mean(textsPerProduct, (double) texts / products);
  }

  /** Learns how many queries each of some users' interests waits for. */
  synchronized void sawUsers(long users, long queries) {
    queriesPerUser = mean(queriesPerUser, (double) queries / users);
  }

  private static double mean(double before, double latest) {
    return before == 0 ? latest : (1 - NEW) * before + NEW * latest;
  }

  /** How many products to take on in a step: about what it has time for. */
  synchronized int productsAtOnce(Duration step) {
    return atOnce(textsPerProduct, step);
  }

  /** How many users to take on in a step, likewise. */
  synchronized int usersAtOnce(Duration step) {
    return atOnce(queriesPerUser, step);
  }

  private int atOnce(double texts, Duration step) {
    double fit = textsPerSecond * step.toMillis() / 1000.0 / Math.max(1, texts);
    return (int) Math.max(FEWEST, Math.min(MOST, 2 * fit));
  }

  /** When products and users were last counted. */
  synchronized Instant countedAt() {
    return countedAt;
  }

  /** Learns how many products and users have something that waits. */
  synchronized void counted(long products, long users) {
    countedAt = clock.instant();
    this.products = products;
    this.users = users;
    if (products + users == 0) {
      since = null;
    } else if (since == null) {
      since = countedAt;
    }
    Duration left = toEmbed();
    boolean was = urgent;
    urgent = left.compareTo(urgent ? longest.dividedBy(2) : longest) > 0;
    if (urgent && !was) {
      log.warn(
          "it would take {} s to embed what {} products and {} users wait for, more than"
              + " stream.pending_time ({} s): embedding goes on while batches wait, for up to {} s"
              + " each, and events wait in Kafka meanwhile",
          left.toSeconds(),
          products,
          users,
          longest.toSeconds(),
          turn.toSeconds());
    } else if (was && !urgent) {
      log.info("embedding what waits takes {} s now: batches come first again", left.toSeconds());
    }
  }

  private Duration toEmbed() {
    if (textsPerSecond == 0) {
      return Duration.ZERO;
    }
    double texts = products * Math.max(1, textsPerProduct) + users * Math.max(1, queriesPerUser);
    return Duration.ofMillis((long) (1000 * texts / textsPerSecond));
  }

  /** How long embedding may go on although a batch waits; zero: no longer than one step. */
  synchronized Duration turn() {
    return urgent ? turn : Duration.ZERO;
  }

  synchronized EmbeddingBacklog backlog() {
    return new EmbeddingBacklog(
        products,
        users,
        toEmbed(),
        since == null ? Duration.ZERO : Duration.between(since, clock.instant()));
  }
}
