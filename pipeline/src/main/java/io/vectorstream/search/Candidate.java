package io.vectorstream.search;

/**
 * A product that may be recommended.
 *
 * @param vector its embedding, {@code float[384]}, L2-normalised
 */
record Candidate(ProductHit hit, float[] vector) {}
