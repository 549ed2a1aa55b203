package io.vectorstream.local.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitTest {

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

    Split parts = Split.of(events, new HoldOut.LastSession(), true);

    assertThat(parts.training()).extracting(ShopEvent::sessionId).containsExactly("s1", "s1", "s3");
    assertThat(parts.questions())
        .as("also of who was not there before")
        .extracting(Question::userId)
        .containsExactly("bob", "ada");
    Question question = parts.questions().get(1);
    assertThat(question.userId()).isEqualTo("ada");
    assertThat(question.relevant())
        .as("neither what was only searched for or removed, nor what was bought before")
        .containsExactlyInAnyOrder("chair", "desk");
    assertThat(question.known()).containsExactlyInAnyOrder("lamp", "desk");
    assertThat(question.excluded()).containsExactly("lamp");
    assertThat(question.last()).isEqualTo("desk");
    assertThat(question.eventsBefore()).isEqualTo(3);
  }

  @Test
  void what_was_seen_before_is_neither_relevant_nor_recommended_unless_asked_for() {
    event("ada", "s1", EventType.VIEW, "lamp");
    event("ada", "s2", EventType.VIEW, "lamp");
    event("ada", "s2", EventType.VIEW, "desk");

    Question first = question(new HoldOut.LastSession(), false);
    Question again = question(new HoldOut.LastSession(), true);

    assertThat(first.relevant()).containsExactly("desk");
    assertThat(first.excluded()).containsExactly("lamp");
    assertThat(again.relevant()).containsExactlyInAnyOrder("lamp", "desk");
    assertThat(again.excluded()).isEmpty();
  }

  @Test
  void of_each_user_with_several_events_the_last_share_is_held_out() {
    for (int i = 0; i < 10; i++) {
      event("ada", "s1", EventType.VIEW, "a" + i);
    }
    event("bob", "s2", EventType.VIEW, "b0");
    event("bob", "s2", EventType.VIEW, "b1");
    event("cid", "s3", EventType.VIEW, "c0");

    Split parts = Split.of(events, HoldOut.parse("0.25"), false);

    assertThat(parts.questions())
        .extracting(Question::relevant)
        .containsExactly(Set.of("a8", "a9"), Set.of("b1"));
    assertThat(parts.training()).hasSize(10);
  }

  @Test
  void from_a_time_on_everything_is_held_out_also_of_users_who_were_not_there_before() {
    event("ada", "s1", EventType.VIEW, "lamp");
    event("ada", "s1", EventType.VIEW, "desk");
    event("bob", "s2", EventType.VIEW, "sofa");

    Split parts = Split.of(events, HoldOut.parse("1970-01-01T00:00:00.000001Z"), false);

    assertThat(parts.training()).hasSize(1);
    assertThat(parts.questions()).extracting(Question::userId).containsExactly("ada", "bob");
    assertThat(parts.questions()).extracting(Question::eventsBefore).containsExactly(1, 0);
    assertThat(parts.questions())
        .extracting(UserKind::of)
        .containsExactly(UserKind.FEW, UserKind.NEW);
    assertThat(parts.questions().get(1).last()).isNull();
  }

  @Test
  void the_users_who_are_asked_are_chosen_by_the_seed() {
    for (int i = 0; i < 50; i++) {
      event("user" + i, "s1", EventType.VIEW, "lamp");
      event("user" + i, "s2", EventType.VIEW, "desk");
    }
    Split all = Split.of(events, HoldOut.parse("session"), false);

    Split some = all.withQuestionsAtMost(10, 1);

    assertThat(some.questions()).hasSize(10).isEqualTo(all.withQuestionsAtMost(10, 1).questions());
    assertThat(some.questions()).isNotEqualTo(all.withQuestionsAtMost(10, 2).questions());
    assertThat(some.training()).isEqualTo(all.training());
    assertThat(all.withQuestionsAtMost(50, 1).questions()).hasSize(50);
  }

  @Test
  void what_to_hold_out_is_a_session_a_share_or_a_time() {
    assertThat(HoldOut.parse("session").inWords()).isEqualTo("the last session of each user");
    assertThat(HoldOut.parse("0.1").inWords()).isEqualTo("the last 10 % of each user");
    assertThat(HoldOut.parse("2026-01-15T00:00:00Z").inWords())
        .isEqualTo("all from 2026-01-15T00:00:00Z on");
    assertThatThrownBy(() -> HoldOut.parse("1"))
        .hasMessageContaining("is 1.0, expected more than 0 and less than 1");
    assertThatThrownBy(() -> HoldOut.parse("yesterday")).hasMessageContaining("expected session");
  }

  private Question question(HoldOut rule, boolean seenAgain) {
    return Split.of(events, rule, seenAgain).questions().get(0);
  }

  @Test
  void what_is_bought_in_the_last_session_is_relevant() {
    event("ada", "s1", EventType.VIEW, "lamp");
    event("ada", "s2", EventType.PURCHASE, "lamp");
    event("ada", "s2", EventType.WISHLIST_ADD, "desk");

    assertThat(Split.of(events, new HoldOut.LastSession(), true).questions().get(0).relevant())
        .containsExactlyInAnyOrder("lamp", "desk");
  }

  @Test
  void a_user_with_nothing_left_to_be_found_is_not_asked() {
    event("ada", "s1", EventType.VIEW, "lamp");
    event("ada", "s1", EventType.PURCHASE, "lamp");
    event("ada", "s2", EventType.VIEW, "lamp");

    Split parts = Split.of(events, new HoldOut.LastSession(), true);

    assertThat(parts.questions()).isEmpty();
    assertThat(parts.training()).hasSize(2);
  }

  private void event(String user, String session, EventType type, String product) {
    events.add(
        new ShopEvent(
            0,
            0,
            Long.MAX_VALUE - 1000,
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
