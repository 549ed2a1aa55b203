package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventCollectionTest {

  @Test
  void an_events_size_is_that_of_its_texts() {
    Product product = new Product("12", "123", "1234567", "12345", 1e9);

    assertThat(EventCollection.size(event(product, "1234", "123456")))
        .isEqualTo(4 + 5 + 6 + 2 + 3 + 7 + 5 + 4 + 6);
  }

  @Test
  void what_an_event_leaves_out_has_no_size() {
    assertThat(EventCollection.size(event(null, null, null))).isEqualTo(4 + 5 + 6);
    assertThat(EventCollection.size(event(new Product("12", "123", null, null, 0), null, null)))
        .isEqualTo(4 + 5 + 6 + 2 + 3);
  }

  @Test
  void a_point_that_names_no_batch_was_stored_by_none() {
    assertThat(EventCollection.batch(Map.of())).isEmpty();
    assertThat(EventCollection.batch(Map.of("batch", Payload.text("q:1:ab")))).isEqualTo("q:1:ab");
  }

  private static ShopEvent event(Product product, String paymentMethod, String searchQuery) {
    return new ShopEvent(
        0,
        0,
        0,
        "1234",
        "2024-01-15T10:30:00Z",
        0,
        "12345",
        EventType.VIEW,
        "123456",
        product,
        7L,
        8.0,
        paymentMethod,
        9.0,
        searchQuery);
  }
}
