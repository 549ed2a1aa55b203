package io.vectorstream.merge;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The effects of a number of events on products, users and the shop as a whole, added up. */
public final class Deltas {

  private final Settings.Weights weights;
  private final Decay decay;
  private final DeltaBounds bounds;
  private final boolean countsPairs;
  private final Map<String, DescribedProduct> products = new HashMap<>();
  private final Map<String, UserDelta> users = new HashMap<>();
  private final Map<Long, MinuteDelta> minutes = new HashMap<>();

  public Deltas(Settings.Interest settings) {
    this.weights = settings.weights();
    this.decay = new Decay(settings.halfLife());
    this.bounds = DeltaBounds.of(settings);
    this.countsPairs = settings.pairs().areCounted();
  }

  public void add(ShopEvent event) {
    add(share(event));
  }

  /** Computes the effect of an event. Changes no sum. */
  public EventShare share(ShopEvent event) {
    if (event.product() == null) {
      return EventShare.of(event, null, null);
    }
    DescribedProduct product =
        products.computeIfAbsent(event.product().id(), id -> new DescribedProduct());
    return EventShare.of(event, product.describe(event), product);
  }

  /** Adds an effect that {@link #share} of this object has computed. */
  public void add(EventShare share) {
    ShopEvent event = share.event();
    if (share.product() != null) {
      share.product().delta(bounds.textsPerProduct()).add(share);
    }
    if (!event.isWithoutUser()) {
      UserDelta user =
          users.computeIfAbsent(event.userId(), id -> new UserDelta(id, decay, bounds));
      user.add(event, share.textHash(), weights);
      if (countsPairs) {
        user.visit(event);
      }
    }
    minutes.computeIfAbsent(share.minute(), MinuteDelta::new).add(share);
  }

  /** Returns one delta a product. */
  public Collection<ProductDelta> products() {
    return products.values().stream()
        .map(DescribedProduct::delta)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Returns one delta a user; none for forgotten users. */
  public Collection<UserDelta> users() {
    return users.values();
  }

  /** Returns one delta a minute in which events count. */
  public Collection<MinuteDelta> minutes() {
    return minutes.values();
  }
}
