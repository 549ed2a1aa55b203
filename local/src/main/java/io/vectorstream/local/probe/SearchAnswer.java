package io.vectorstream.local.probe;

/**
 * What came of a search.
 *
 * @param failure why it failed; null if it did not
 * @param isEmpty whether it found nothing
 */
record SearchAnswer(String failure, boolean isEmpty) {
  static final SearchAnswer FOUND = new SearchAnswer(null, false);
  static final SearchAnswer NOTHING = new SearchAnswer(null, true);

  static SearchAnswer failed(String reason) {
    return new SearchAnswer(reason, false);
  }
}
