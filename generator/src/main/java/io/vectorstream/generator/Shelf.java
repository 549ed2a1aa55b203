package io.vectorstream.generator;

import java.util.List;

/**
 * Products of the same sort, and shoppers' queries for them.
 *
 * @param category the subject of a taste: the category, or the first two levels of its path
 * @param products positions in the catalogue
 * @param queries search queries, possibly none
 */
record Shelf(String category, int[] products, List<String> queries) {}
