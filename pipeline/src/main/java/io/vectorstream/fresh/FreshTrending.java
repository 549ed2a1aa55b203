package io.vectorstream.fresh;

import io.vectorstream.store.ProductHit;
import java.util.List;

/**
 * Products in demand, with what no batch has merged yet.
 *
 * @param products the highest demand first
 * @param fresh null if this process does not follow the topic
 */
public record FreshTrending(List<ProductHit> products, Freshness fresh) {}
