package io.vectorstream.merge;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What a number of events mean for products, users and the shop as a whole, added up. */
public final class Deltas {

  private final Settings.Weights weights;
  private final Decay decay;
  private final DeltaBounds bounds;
  private final Map<String, DescribedProduct> products = new HashMap<>();
  private final Map<String, UserDelta> users = new HashMap<>();
  private final Map<Long, MinuteDelta> minutes = new HashMap<>();

  public Deltas(Settings.Interest settings) {
    this.weights = settings.weights();
    this.decay = new Decay(settings.halfLife());
    this.bounds = DeltaBounds.of(settings);
  }

  public void add(ShopEvent event) {
    add(share(event));
  }

  /** What the event would add. Changes no sum. */
  public EventShare share(ShopEvent event) {
    if (event.product() == null) {
      return EventShare.of(event, null, null);
    }
    DescribedProduct product =
        products.computeIfAbsent(event.product().id(), id -> new DescribedProduct());
    return EventShare.of(event, product.describe(event), product);
  }

  /** Adds what {@link #share} of this object has worked out. */
  public void add(EventShare share) {
    ShopEvent event = share.event();
    if (share.product() != null) {
      share.product().delta(bounds.textsPerProduct()).add(share);
    }
    if (!event.isWithoutUser()) {
      users
          .computeIfAbsent(event.userId(), id -> new UserDelta(id, decay, bounds))
          .add(event, share.textHash(), weights);
    }
    minutes.computeIfAbsent(share.minute(), MinuteDelta::new).add(share);
  }

  /** One a product. */
  public Collection<ProductDelta> products() {
    return products.values().stream()
        .map(DescribedProduct::delta)
        .filter(Objects::nonNull)
        .toList();
  }

  /** One a user; none for those that are forgotten. */
  public Collection<UserDelta> users() {
    return users.values();
  }

  /** One a minute in which events count. */
  public Collection<MinuteDelta> minutes() {
    return minutes.values();
  }
}
