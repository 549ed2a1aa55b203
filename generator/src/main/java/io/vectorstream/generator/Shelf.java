package io.vectorstream.generator;

import java.util.List;

/**
 * Products of the same sort, and what people type to find them.
 *
 * @param category what a taste is for: the category, or the first two levels of its path
 * @param products positions in the catalogue
 * @param queries search queries, possibly none
 */
record Shelf(String category, int[] products, List<String> queries) {}
