package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import org.junit.jupiter.api.Test;

/** The state of a product on whose text the model fails. */
class ProductStateTest {

  @Test
  void a_new_product_has_no_error() {
    assertThat(ProductState.of(delta(1, "Lamp"), "m", "q:1:ab").embeddingError()).isNull();
  }

  @Test
  void an_error_changes_nothing_else() {
    ProductState state = ProductState.of(delta(1, "Lamp"), "m", "q:1:ab");

    ProductState failed = state.withEmbeddingError("the model failed");

    assertThat(failed.embeddingError()).isEqualTo("the model failed");
    assertThat(failed).usingRecursiveComparison().ignoringFields("embeddingError").isEqualTo(state);
    assertThat(failed.withEmbeddingError(null)).isEqualTo(state);
  }

  @Test
  void an_error_stays_until_somebody_takes_it_away() {
    ProductState failed =
        ProductState.of(delta(1, "Lamp"), "m", "q:1:ab").withEmbeddingError("the model failed");

    ProductState later = failed.plus(delta(2, "Lamp"), "m", "q:2:cd");

    assertThat(later.embeddingError()).isEqualTo("the model failed");
    assertThat(later.counts().total()).isEqualTo(2);
    assertThat(later.batch()).isEqualTo("q:2:cd");
    assertThat(later.withEmbeddingError(null).plus(delta(3, "Lamp"), "m", "q:3:ef"))
        .extracting(ProductState::embeddingError)
        .isNull();
  }

  @Test
  void a_batch_that_is_repeated_leaves_the_error_alone() {
    ProductState failed =
        ProductState.of(delta(1, "Lamp"), "m", "q:1:ab").withEmbeddingError("the model failed");

    assertThat(failed.plus(delta(1, "Lamp"), "m", "q:1:ab")).isSameAs(failed);
  }

  @Test
  void a_batch_of_the_same_number_that_ends_elsewhere_is_another_batch() {
    ProductState state = ProductState.of(delta(1, "Lamp"), "m", "q:1:ab");

    assertThat(state.plus(delta(2, "Lamp"), "m", "q:1:cd").counts().total()).isEqualTo(2);
  }

  private static ProductDelta delta(long time, String name) {
    ProductDelta delta = new ProductDelta(8);
    delta.add(
        new ShopEvent(
            0,
            time,
            time,
            "e" + time,
            "1970-01-01T00:00:00Z",
            time,
            "u",
            EventType.VIEW,
            "s",
            new Product("p", name, null, null, 5),
            null,
            null,
            null,
            null,
            null));
    return delta;
  }
}
