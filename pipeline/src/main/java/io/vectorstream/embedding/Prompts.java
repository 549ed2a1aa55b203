package io.vectorstream.embedding;

/**
 * The texts that are put before each product's text, and before each search, as a model was trained
 * with them. Empty ones change nothing.
 */
record Prompts(String query, String document) {
  static final Prompts NONE = new Prompts("", "");

  boolean areEmpty() {
    return query.isEmpty() && document.isEmpty();
  }
}
