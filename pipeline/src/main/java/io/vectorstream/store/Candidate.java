package io.vectorstream.store;

/**
 * A product that may be recommended.
 *
 * @param relevance the value that it is chosen by, before variety counts
 */
public record Candidate(ProductHit hit, double relevance) {}
