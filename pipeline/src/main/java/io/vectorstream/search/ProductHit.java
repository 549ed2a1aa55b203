package io.vectorstream.search;

/**
 * A product that was found.
 *
 * @param category null if the product has none
 * @param score cosine similarity, -1 to 1; higher is nearer
 */
public record ProductHit(String id, String name, String category, double price, double score) {}
