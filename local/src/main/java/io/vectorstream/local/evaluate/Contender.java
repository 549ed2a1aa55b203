package io.vectorstream.local.evaluate;

import java.util.List;

/** A way to recommend products, to be compared with others. */
interface Contender {

  /**
   * Returns products for the user of a question, the best first, without those that this user has
   * bought.
   *
   * @return ids, at most {@code limit}
   */
  List<String> recommend(Question question, int limit);
}
