package io.vectorstream.merge;

import io.vectorstream.config.Settings;
import java.io.Serializable;

/**
 * The bounds of one batch's share of a product or a user, however many events it has.
 *
 * @param textsPerProduct different texts of one product that are kept apart
 * @param subjects different products, and again different search queries, whose directions count in
 *     a user's interest
 * @param lastProducts products of a user that are remembered
 */
public record DeltaBounds(int textsPerProduct, int subjects, int lastProducts)
    implements Serializable {

  /** More than a person looks at within one batch; a shared id or a robot's may have more. */
  private static final int SUBJECTS = 10_000;

  /** Returns the bounds that the settings ask for. */
  public static DeltaBounds of(Settings.Interest settings) {
    return new DeltaBounds(settings.textsPerProduct(), SUBJECTS, settings.lastProducts());
  }
}
