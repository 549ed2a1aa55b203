package io.vectorstream.monitoring;

import java.time.Duration;

/**
 * What waited for its embedding when it was last counted.
 *
 * @param products with texts that wait
 * @param users with search queries that wait
 * @param toEmbed how long it takes to embed all of it, if nothing is added; zero as long as that is
 *     not known
 * @param waiting for how long something has been waiting without a break
 */
public record EmbeddingBacklog(long products, long users, Duration toEmbed, Duration waiting) {

  public static final EmbeddingBacklog NONE =
      new EmbeddingBacklog(0, 0, Duration.ZERO, Duration.ZERO);
}
