package io.vectorstream.store;

/**
 * A product that may be recommended.
 *
 * @param relevance what it is chosen by, as long as variety does not count
 */
public record Candidate(ProductHit hit, double relevance) {}
