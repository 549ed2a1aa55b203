package io.vectorstream.monitoring;

import java.io.Serializable;

/**
 * The cases in which bounds made interests leave out texts. All counts and weights are exact all
 * the same.
 *
 * @param standIns how often a batch had a product with too many different texts, some of which
 *     count as another text of the product
 * @param leftOutShares shares of interests that were too many for a user, and of which only the
 *     weight counts
 */
public record BoundedInterests(long standIns, long leftOutShares) implements Serializable {

  public static final BoundedInterests NONE = new BoundedInterests(0, 0);

  public BoundedInterests plus(BoundedInterests other) {
    return new BoundedInterests(standIns + other.standIns, leftOutShares + other.leftOutShares);
  }
}
