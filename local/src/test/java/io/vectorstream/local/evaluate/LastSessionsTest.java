package io.vectorstream.local.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastSessionsTest {

  private final List<ShopEvent> events = new ArrayList<>();

  @Test
  void the_last_session_is_held_out_and_all_else_is_learnt_from() {
    event("ada", "s1", EventType.VIEW, "lamp");
    event("bob", "s2", EventType.VIEW, "sofa");
    event("ada", "s1", EventType.PURCHASE, "lamp");
    event("ada", "s3", EventType.VIEW, "desk");
    event("ada", "s4", EventType.SEARCH, "vase");
    event("bob", "s2", EventType.ADD_TO_CART, "sofa");
    event("ada", "s4", EventType.VIEW, "chair");
    event("ada", "s4", EventType.VIEW, "desk");
    event("ada", "s4", EventType.VIEW, "lamp");
    event("ada", "s4", EventType.REMOVE_FROM_CART, "stool");

    LastSessions parts = LastSessions.holdOut(events);

    assertThat(parts.training()).extracting(ShopEvent::sessionId).containsExactly("s1", "s1", "s3");
    assertThat(parts.questions()).hasSize(1);
    Question question = parts.questions().get(0);
    assertThat(question.userId()).isEqualTo("ada");
    assertThat(question.relevant())
        .as("neither what was only searched for or removed, nor what was bought before")
        .containsExactlyInAnyOrder("chair", "desk");
    assertThat(question.known()).containsExactlyInAnyOrder("lamp", "desk");
    assertThat(question.bought()).containsExactly("lamp");
    assertThat(question.lastViewed()).isEqualTo("desk");
  }

  @Test
  void what_is_bought_in_the_last_session_is_relevant() {
    event("ada", "s1", EventType.VIEW, "lamp");
    event("ada", "s2", EventType.PURCHASE, "lamp");
    event("ada", "s2", EventType.WISHLIST_ADD, "desk");

    assertThat(LastSessions.holdOut(events).questions().get(0).relevant())
        .containsExactlyInAnyOrder("lamp", "desk");
  }

  @Test
  void a_user_with_nothing_left_to_be_found_is_not_asked() {
    event("ada", "s1", EventType.VIEW, "lamp");
    event("ada", "s1", EventType.PURCHASE, "lamp");
    event("ada", "s2", EventType.VIEW, "lamp");

    LastSessions parts = LastSessions.holdOut(events);

    assertThat(parts.questions()).isEmpty();
    assertThat(parts.training()).hasSize(2);
  }

  private void event(String user, String session, EventType type, String product) {
    events.add(
        new ShopEvent(
            0,
            0,
            0,
            "e" + events.size(),
            "2026-01-01T00:00:00Z",
            events.size(),
            user,
            type,
            session,
            new Product(product, product, null, null, 5),
            null,
            null,
            null,
            null,
            null));
  }
}
