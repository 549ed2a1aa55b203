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
  private final Map<String, ProductDelta> products = new HashMap<>();
  private final Map<String, UserDelta> users = new HashMap<>();
  private final Map<Long, MinuteDelta> minutes = new HashMap<>();

  public Deltas(Settings.Interest settings) {
    this.weights = settings.weights();
    this.decay = new Decay(settings.halfLife());
  }

  public void add(ShopEvent event) {
    String textHash = null;
    if (event.product() != null) {
      textHash =
          products.computeIfAbsent(event.product().id(), id -> new ProductDelta()).add(event);
    }
    users
        .computeIfAbsent(event.userId(), id -> new UserDelta(id, decay))
        .add(event, textHash, weights);
    minutes
        .computeIfAbsent(MinuteDelta.minuteOf(event.eventTimeMicros()), MinuteDelta::new)
        .add(event);
  }

  /** One a product. */
  public Collection<ProductDelta> products() {
    return products.values();
  }

  /** One a user. */
  public Collection<UserDelta> users() {
    return users.values();
  }

  /** One a minute of event time. */
  public Collection<MinuteDelta> minutes() {
    return minutes.values();
  }
}
