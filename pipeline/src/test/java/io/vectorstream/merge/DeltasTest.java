package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeltasTest {

  private static final Settings.Interest SETTINGS = SettingsLoader.defaults().interest();

  private static final DeltaBounds BOUNDS = DeltaBounds.of(SETTINGS);

  @Test
  void events_added_together_come_to_what_each_product_and_each_user_comes_to_alone() {
    List<ShopEvent> events = events(new Random(7), 2_000);
    Deltas deltas = new Deltas(SETTINGS);
    Map<String, ProductDelta> products = new HashMap<>();
    Map<String, UserDelta> users = new HashMap<>();

    for (ShopEvent event : events) {
      deltas.add(event);

      String textHash = null;
      if (event.product() != null) {
        ProductDelta product =
            products.computeIfAbsent(
                event.product().id(), id -> new ProductDelta(BOUNDS.textsPerProduct()));
        textHash = product.add(event);
      }
      users
          .computeIfAbsent(
              event.userId(), id -> new UserDelta(id, new Decay(SETTINGS.halfLife()), BOUNDS))
          .add(event, textHash, SETTINGS.weights());
    }

    assertThat(products).hasSize(40);
    assertThat(deltas.products()).hasSize(40);
    for (ProductDelta product : deltas.products()) {
      assertThat(product).usingRecursiveComparison().isEqualTo(products.get(product.productId()));
    }
    assertThat(users).hasSize(60);
    assertThat(deltas.users()).hasSize(60);
    for (UserDelta user : deltas.users()) {
      assertThat(user).usingRecursiveComparison().isEqualTo(users.get(user.userId()));
    }
  }

  @Test
  void a_search_without_a_product_is_the_users_alone() {
    Deltas deltas = new Deltas(SETTINGS);

    deltas.add(event(EventType.SEARCH, 1, "u", null, "lamp"));

    assertThat(deltas.products()).isEmpty();
    assertThat(deltas.users()).hasSize(1);
    UserDelta user = deltas.users().iterator().next();
    assertThat(user.queries()).containsExactly("lamp");
    assertThat(user.counts().of(EventType.SEARCH)).isEqualTo(1);
  }

  @Test
  void nothing_added_is_nothing() {
    assertThat(new Deltas(SETTINGS).products()).isEmpty();
    assertThat(new Deltas(SETTINGS).users()).isEmpty();
  }

  private static List<ShopEvent> events(Random random, int count) {
    EventType[] types = EventType.values();
    List<ShopEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EventType type = types[random.nextInt(types.length)];
      Product product =
          new Product("p" + random.nextInt(40), "Name " + random.nextInt(3), null, null, i % 100);
      boolean alone = type == EventType.SEARCH && random.nextBoolean();
      events.add(
          event(
              type,
              1_700_000_000_000_000L + random.nextInt(1_000_000_000),
              "u" + random.nextInt(60),
              alone ? null : product,
              type == EventType.SEARCH ? "query " + random.nextInt(5) : null));
    }
    return events;
  }

  private static ShopEvent event(
      EventType type, long time, String user, Product product, String query) {
    return new ShopEvent(
        0,
        time,
        time,
        "e" + time,
        "2024-01-15T10:30:00Z",
        time,
        user,
        type,
        "s",
        product,
        null,
        null,
        null,
        null,
        query);
  }
}
