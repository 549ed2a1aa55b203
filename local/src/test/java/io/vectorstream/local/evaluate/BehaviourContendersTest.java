package io.vectorstream.local.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BehaviourContendersTest {

  private final List<ShopEvent> events = new ArrayList<>();

  @Test
  void neighbours_are_products_of_the_same_users_and_the_popular_ones_count_less() {
    wanted("ada", "tent", "stove", "tea");
    wanted("bob", "tent", "stove", "tea");
    wanted("cid", "tent");
    wanted("dan", "tea", "cup");
    wanted("eve", "tea", "cup");

    // Likeness to the tent: of the stove 2 / sqrt(3 * 2) = 0.82, of tea 2 / sqrt(3 * 4) = 0.58.
    assertThat(new ItemNeighbours(events).recommend(question("cid", "tent"), 10))
        .containsExactly("stove", "tea");
    assertThat(new ItemNeighbours(events).recommend(question("cid", "tent"), 1))
        .containsExactly("stove");
    assertThat(new ItemNeighbours(events).recommend(question("new"), 10)).isEmpty();
  }

  @Test
  void products_are_put_back_or_searched_for_without_being_wanted() {
    event("ada", EventType.VIEW, "tent");
    event("ada", EventType.REMOVE_FROM_CART, "stove");
    event("bob", EventType.VIEW, "tent");

    assertThat(new ItemNeighbours(events).recommend(question("bob", "tent"), 10)).isEmpty();
  }

  @Test
  void the_factors_tell_two_kinds_of_users_apart_and_are_the_same_with_the_same_seed() {
    for (int user = 0; user < 20; user++) {
      for (int product = 0; product < 6; product++) {
        if (user % 5 != product % 5) {
          event("user" + user, EventType.VIEW, (user % 2 == 0 ? "camp" : "cook") + product);
        }
      }
    }

    List<String> list =
        MatrixFactorisation.of(events, 1).recommend(question("user0", "camp1", "camp2"), 2);

    assertThat(list).hasSize(2).allMatch(product -> product.startsWith("camp"));
    assertThat(MatrixFactorisation.of(events, 1).recommend(question("user0", "camp1", "camp2"), 2))
        .isEqualTo(list);
    assertThat(MatrixFactorisation.of(events, 1).recommend(question("new"), 2)).isEmpty();
  }

  @Test
  void a_list_is_as_novel_as_its_products_are_unknown() {
    wanted("ada", "tent", "tea");
    wanted("bob", "tea");
    wanted("cid", "tea");
    wanted("dan", "tea");
    Popularities popularities = new Popularities(events);

    assertThat(popularities.novelty(List.of("tea"))).isZero();
    assertThat(popularities.novelty(List.of("tea", "tent"))).isCloseTo(1, within(1e-12));
    assertThat(popularities.novelty(List.of("cup"))).isCloseTo(2, within(1e-12));
  }

  private static Question question(String user, String... known) {
    return new Question(user, Set.of("x"), Set.of(known), Set.of(known), null, known.length);
  }

  private void wanted(String user, String... products) {
    for (String product : products) {
      event(user, EventType.VIEW, product);
    }
  }

  private void event(String user, EventType type, String product) {
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
            "s",
            new Product(product, product, null, null, 5),
            null,
            null,
            null,
            null,
            null));
  }
}
