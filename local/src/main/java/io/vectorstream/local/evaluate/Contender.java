package io.vectorstream.local.evaluate;

import java.util.List;

/** A way to recommend products. */
interface Contender {

  /**
   * Products for the user of a question, the best first, and none that this user has bought.
   *
   * @return ids, at most {@code limit}
   */
  List<String> recommend(Question question, int limit);
}
