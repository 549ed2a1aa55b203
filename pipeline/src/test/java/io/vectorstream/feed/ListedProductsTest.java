package io.vectorstream.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.event.ProductRecord;
import io.vectorstream.merge.ProductState;
import io.vectorstream.migration.Side;
import io.vectorstream.shop.Product;
import io.vectorstream.store.Refusals;
import io.vectorstream.store.StoreException;
import io.vectorstream.store.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListedProductsTest {

  private static final StoreException REFUSAL = Refusals.invalidContent("not in here");

  private final Settings settings = SettingsLoader.load(Optional.empty(), Map.of(), List.of());
  private final ListedProducts products =
      new ListedProducts(new Side(null, settings, false, false), null, () -> {});
  private final List<String> stored = new ArrayList<>();

  @AfterEach
  void close() {
    VectorStore.closeShared(settings.qdrant());
  }

  @Test
  void a_product_that_the_store_refuses_is_left_out_and_the_others_are_stored() {
    Map<ProductState, StoreException> refused =
        ListedProducts.refused(states(100), some -> store(some, Set.of("p7", "p8", "p99")));

    assertThat(refused.keySet())
        .extracting(state -> state.newest().product().id())
        .containsExactly("p7", "p8", "p99");
    assertThat(refused.values()).containsOnly(REFUSAL);
    assertThat(stored).hasSize(97).doesNotContain("p7", "p8", "p99");
  }

  @Test
  void a_store_that_takes_no_product_is_tried_again() {
    assertThatThrownBy(
            () -> ListedProducts.refused(states(2), some -> store(some, Set.of("p0", "p1"))))
        .isSameAs(REFUSAL);
  }

  @Test
  void of_a_product_whose_last_versions_are_refused_the_one_before_them_is_stored() {
    List<ProductRecord> versions = IntStream.range(0, 4).mapToObj(this::version).toList();
    List<ProductRecord> applied = new ArrayList<>();
    List<ProductRecord> refused = new ArrayList<>();

    products.giveUp(
        versions,
        REFUSAL,
        version -> {
          if (version.offset() == 1) {
            throw REFUSAL;
          }
          applied.add(version);
        },
        (version, why) -> refused.add(version));

    assertThat(applied).containsExactly(versions.get(0), versions.get(2));
    assertThat(refused).containsExactly(versions.get(1), versions.get(3));
    assertThat(products.refused()).isEqualTo(2);
  }

  @Test
  void a_store_that_does_not_answer_gives_no_version_up() {
    StoreException noAnswer = Refusals.unauthenticated();

    assertThatThrownBy(
            () ->
                products.giveUp(
                    List.of(version(0), version(1)),
                    REFUSAL,
                    version -> {
                      throw noAnswer;
                    },
                    (version, why) -> {}))
        .isSameAs(noAnswer);
    assertThat(products.refused()).isZero();
  }

  private ProductRecord version(int offset) {
    return new ProductRecord(
        0, offset, 0, "lamp", new Product("lamp", "Lamp " + offset, "", "", 1), true);
  }

  @Test
  void a_store_that_refuses_the_caller_is_no_products_fault() {
    StoreException refusal = Refusals.unauthenticated();

    assertThatThrownBy(
            () ->
                ListedProducts.refused(
                    states(2),
                    some -> {
                      throw refusal;
                    }))
        .isSameAs(refusal);
  }

  private static List<ProductState> states(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> ProductState.unknown("p" + i, "a-model"))
        .toList();
  }

  private void store(List<ProductState> some, Set<String> bad) {
    List<String> ids = some.stream().map(state -> state.newest().product().id()).toList();
    if (ids.stream().anyMatch(bad::contains)) {
      throw REFUSAL;
    }
    stored.addAll(ids);
  }
}
