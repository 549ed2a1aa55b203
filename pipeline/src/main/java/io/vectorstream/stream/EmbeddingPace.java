package io.vectorstream.stream;

import io.vectorstream.monitoring.EmbeddingBacklog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The amount of text that waits for its embedding, and the speed of embedding it. If it takes too
 * long, embedding gets more time: it continues while a batch waits, which leaves more events in
 * Kafka. That ends only when half of the text is embedded, so that it does not start and stop
 * often.
 */
final class EmbeddingPace {

  private static final Logger log = LoggerFactory.getLogger(EmbeddingPace.class);

  /** The weight of a step's figures against those of the steps before. */
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
   * @param longest the time within which waiting texts should be embedded
   * @param turn how long embedding may continue while a batch waits, if it takes longer
   */
  EmbeddingPace(Duration longest, Duration turn, Clock clock) {
    this.longest = longest;
    this.turn = turn;
    this.clock = clock;
  }

  /** Records how many texts a step embedded, and how long that took. */
  synchronized void embedded(long texts, Duration taken) {
    double seconds = Math.max(1, taken.toMillis()) / 1000.0;
    textsPerSecond = mean(textsPerSecond, texts / seconds);
  }

  /** Records how many texts each of some products waits for. */
  synchronized void sawProducts(long products, long texts) {
    textsPerProduct = mean(textsPerProduct, (double) texts / products);
  }

  /** Records how many queries each of some users' interests waits for. */
  synchronized void sawUsers(long users, long queries) {
    queriesPerUser = mean(queriesPerUser, (double) queries / users);
  }

  private static double mean(double before, double latest) {
    return before == 0 ? latest : (1 - NEW) * before + NEW * latest;
  }

  /** Returns the number of products for one step: about as many as fit into its time. */
  synchronized int productsAtOnce(Duration step) {
    return atOnce(textsPerProduct, step);
  }

  /** Returns the number of users for one step, in the same way. */
  synchronized int usersAtOnce(Duration step) {
    return atOnce(queriesPerUser, step);
  }

  private int atOnce(double texts, Duration step) {
    double fit = textsPerSecond * step.toMillis() / 1000.0 / Math.max(1, texts);
    return (int) Math.max(FEWEST, Math.min(MOST, 2 * fit));
  }

  /** Returns when waiting products and users were last counted. */
  synchronized Instant countedAt() {
    return countedAt;
  }

  /** Records how many products and users have texts that wait. */
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
      log.info(
          "embedding all waiting texts takes {} s now: batches come first again", left.toSeconds());
    }
  }

  private Duration toEmbed() {
    if (textsPerSecond == 0) {
      return Duration.ZERO;
    }
    double texts = products * Math.max(1, textsPerProduct) + users * Math.max(1, queriesPerUser);
    return Duration.ofMillis((long) (1000 * texts / textsPerSecond));
  }

  /** Returns how long embedding may continue while a batch waits; zero: at most one step. */
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
