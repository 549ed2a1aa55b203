package io.vectorstream.merge;

import io.vectorstream.config.Settings;
import io.vectorstream.event.ShopEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What a number of events mean for products, users and the shop as a whole, added up. */
public final class Deltas {

  private final Settings.Weights weights;
  private final Decay decay;
  private final DeltaBounds bounds;
  private final Map<String, ProductDelta> products = new HashMap<>();
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

  /** What the event would add. Changes nothing. */
  public EventShare share(ShopEvent event) {
    return event.product() == null
        ? ProductDelta.shareWithoutProduct(event)
        : ProductDelta.share(event, products.get(event.product().id()));
  }

  /** Adds what {@link #share} has worked out. */
  public void add(EventShare share) {
    ShopEvent event = share.event();
    if (event.product() != null) {
      products
          .computeIfAbsent(event.product().id(), id -> new ProductDelta(bounds.textsPerProduct()))
          .add(share);
    }
    users
        .computeIfAbsent(event.userId(), id -> new UserDelta(id, decay, bounds))
        .add(event, share.textHash(), weights);
    minutes.computeIfAbsent(share.minute(), MinuteDelta::new).add(share);
  }

  /** One a product. */
  public Collection<ProductDelta> products() {
    return products.values();
  }

  /** One a user. */
  public Collection<UserDelta> users() {
    return users.values();
  }

  /** One a minute in which events count. */
  public Collection<MinuteDelta> minutes() {
    return minutes.values();
  }
}
