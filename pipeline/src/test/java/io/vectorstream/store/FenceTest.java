package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FenceTest {

  @Test
  void later_writers_have_larger_numbers() {
    List<Fence> inOrder =
        List.of(
            Fence.NONE,
            Fence.of(1, 0),
            Fence.of(1, 0).attempt(0, 1),
            Fence.of(1, 0).attempt(0, 15),
            Fence.of(1, 0).attempt(1, 0),
            Fence.of(1, 0).attempt(63, 15),
            Fence.of(1, 1),
            Fence.of(1, Fence.TURNS - 1).attempt(63, 15),
            Fence.of(2, 0),
            Fence.of((1 << 18) - 1, Fence.TURNS - 1).attempt(63, 15));

    assertThat(inOrder.stream().map(Fence::number)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void the_largest_number_is_still_exact_as_a_double() {
    long largest = Fence.of((1 << 18) - 1, Fence.TURNS - 1).attempt(63, 15).number();

    assertThat(largest).isEqualTo((1L << 53) - 1);
    assertThat((long) (double) largest).isEqualTo(largest);
  }

  @Test
  void the_epoch_can_be_read_from_a_number() {
    assertThat(Fence.NONE.epoch()).isZero();
    assertThat(Fence.of(7, 12).attempt(3, 2).epoch()).isEqualTo(7);
  }

  @Test
  void a_task_that_was_tried_too_often_has_no_place() {
    assertThatThrownBy(() -> Fence.of(1, 0).attempt(0, 16))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("spark.task.maxFailures");
    assertThatThrownBy(() -> Fence.of(1, 0).attempt(64, 0)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> Fence.of(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Fence.of(1, Fence.TURNS)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void who_finds_a_point_of_a_later_writer_must_not_change_it() {
    Map<String, io.qdrant.client.grpc.JsonWithInt.Value> later =
        Map.of(Fence.FIELD, Fence.of(2, 0).value());

    assertThatThrownBy(() -> Fence.of(1, 5).requireAdmits(later, "products"))
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("collection 'products'")
        .hasMessageContaining("another pipeline has taken over");
    assertThatCode(() -> Fence.of(2, 0).requireAdmits(later, "products"))
        .doesNotThrowAnyException();
    assertThatCode(() -> Fence.of(1, 0).requireAdmits(Map.of(), "products"))
        .doesNotThrowAnyException();
  }
}
