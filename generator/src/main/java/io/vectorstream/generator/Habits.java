package io.vectorstream.generator;

/**
 * The habits of shoppers beside their tastes, and how much the texts of products say.
 *
 * @param companions the share of views that are of a product that goes with the one before, in the
 *     same visit or the last: the batteries after the torch. Some of them end in the same cart
 * @param boughtAgain the share of sessions that begin with a product that the shopper has bought
 *     before
 * @param drift the share of sessions before which one of the shopper's tastes changes
 * @param terse the share of products whose text says nothing of what they are: a number in place of
 *     the name, no description and no category
 */
public record Habits(double companions, double boughtAgain, double drift, double terse) {

  /** The habits of shoppers who look for each product by itself, in a shop of long texts. */
  public static final Habits NONE = new Habits(0, 0, 0, 0);

  public Habits {
    FunnelOdds.share("companions", companions);
    FunnelOdds.share("boughtAgain", boughtAgain);
    FunnelOdds.share("drift", drift);
    FunnelOdds.share("terse", terse);
  }
}
