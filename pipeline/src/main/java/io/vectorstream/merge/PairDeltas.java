package io.vectorstream.merge;

import io.vectorstream.config.Settings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The pairs that the batches of some users bring about, added up. */
public final class PairDeltas {

  private final Settings.Interest settings;
  private final Decay decay;
  private final Map<String, PairDelta> products = new HashMap<>();

  public PairDeltas(Settings.Interest settings) {
    this.settings = settings;
    this.decay = decay(settings);
  }

  /** Returns the decay of pairs. */
  public static Decay decay(Settings.Interest settings) {
    return new Decay(settings.pairs().halfLife());
  }

  /**
   * Adds the pairs of one user to both products of each.
   *
   * @param before the user's trail before the batch
   * @return the user's trail after it
   */
  public Trail add(UserDelta user, Trail before) {
    return before.after(
        user,
        settings.lastProducts(),
        (product, other, engagement, atMicros) -> {
          of(product).add(other, engagement, atMicros, decay);
          of(other).add(product, engagement, atMicros, decay);
        });
  }

  private PairDelta of(String product) {
    return products.computeIfAbsent(product, PairDelta::new);
  }

  /** Returns one delta a product. */
  public Collection<PairDelta> products() {
    return products.values();
  }
}
