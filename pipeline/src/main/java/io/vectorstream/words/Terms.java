package io.vectorstream.words;

import java.util.Map;

/**
 * The terms of a text, which a search compares.
 *
 * @param counts how often each occurs
 * @param length the number of words; a part number is one, whatever its terms
 */
record Terms(Map<String, Integer> counts, int length) {}
