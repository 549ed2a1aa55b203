package io.vectorstream.monitoring;

import java.time.Duration;

/**
 * The texts that waited for their embedding at the last count.
 *
 * @param products with texts that wait
 * @param users with search queries that wait
 * @param toEmbed how long it takes to embed all of it, if nothing is added; zero as long as that is
 *     not known
 * @param waiting for how long some text has been waiting without a break
 */
public record EmbeddingBacklog(long products, long users, Duration toEmbed, Duration waiting) {

  public static final EmbeddingBacklog NONE =
      new EmbeddingBacklog(0, 0, Duration.ZERO, Duration.ZERO);
}
