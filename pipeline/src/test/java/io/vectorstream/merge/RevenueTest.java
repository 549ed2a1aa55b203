package io.vectorstream.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.event.ShopEvent;
import io.vectorstream.shop.EventType;
import io.vectorstream.shop.Product;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevenueTest {

  @Test
  void an_amount_however_large_leaves_the_others_their_cents() {
    BigInteger sum =
        sum(
            List.of(
                purchase(1e15),
                purchase(0.01),
                purchase(1e300),
                purchase(12.34),
                purchase(-1e300)));

    assertThat(Revenue.amount(sum)).isEqualTo(1e15 + 12.35);
    assertThat(new BigDecimal(sum, 4)).isEqualByComparingTo("1000000000000012.35");
    assertThat(Revenue.amount(sum.subtract(Revenue.units(1e15)))).isEqualTo(12.35);
  }

  @Test
  void the_sum_is_the_same_in_any_order() {
    Random random = new Random(7);
    List<ShopEvent> events = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      events.add(purchase((random.nextDouble() - 0.3) * Math.pow(10, random.nextInt(300))));
    }
    BigInteger sum = sum(events);
    for (int i = 0; i < 10; i++) {
      Collections.shuffle(events, random);
      assertThat(sum(events)).isEqualTo(sum);
    }
  }

  @Test
  void price_times_quantity_may_be_more_than_any_double() {
    ShopEvent event = event(EventType.PURCHASE, Double.MAX_VALUE, Long.MAX_VALUE, null);
    BigInteger units = Revenue.units(event);

    assertThat(units)
        .isEqualTo(
            new BigDecimal(Double.MAX_VALUE)
                .multiply(BigDecimal.valueOf(Long.MAX_VALUE))
                .movePointRight(4)
                .toBigIntegerExact());
    assertThat(Revenue.amount(units)).isEqualTo(Double.MAX_VALUE);
    assertThat(Revenue.amount(units.negate())).isEqualTo(-Double.MAX_VALUE);
    assertThat(Revenue.units(Revenue.amount(units), Revenue.exactAmount(units))).isEqualTo(units);
  }

  @Test
  void only_purchases_bring_in_something_and_a_return_takes_it_back() {
    assertThat(Revenue.units(event(EventType.VIEW, 12.5, 2L, 99.0))).isZero();
    assertThat(Revenue.units(event(EventType.PURCHASE, 12.5, null, null)))
        .isEqualTo(BigInteger.valueOf(125_000));
    assertThat(Revenue.units(event(EventType.PURCHASE, 12.5, -2L, null)))
        .isEqualTo(BigInteger.valueOf(-250_000));
    assertThat(Revenue.units(event(EventType.PURCHASE, 12.5, 2L, -0.00005))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1",
        "603000",
        "-603000",
        "9223372036854775807",
        "10000000000000000001",
        "92233720368547758080000",
        "-123456789012345678901234567890"
      })
  void units_come_back_from_the_number_and_the_digits_beside_it(String given) {
    BigInteger units = new BigInteger(given);

    assertThat(Revenue.units(Revenue.amount(units), Revenue.exactAmount(units))).isEqualTo(units);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 60.3, 12345678.9, 1e12, -0.01, 1e15, 1e300})
  void an_amount_without_digits_beside_it_is_what_it_says(double amount) {
    assertThat(Revenue.amount(Revenue.units(amount, null))).isEqualTo(amount);
    assertThat(Revenue.exactAmount(Revenue.units(60.3, null))).isNull();
  }

  private static BigInteger sum(List<ShopEvent> events) {
    return events.stream().map(Revenue::units).reduce(BigInteger.ZERO, BigInteger::add);
  }

  private static ShopEvent purchase(double total) {
    return event(EventType.PURCHASE, 1, null, total);
  }

  private static ShopEvent event(EventType type, double price, Long quantity, Double total) {
    return new ShopEvent(
        0,
        0,
        0,
        "e",
        "1970-01-01T00:00:00Z",
        0,
        "u",
        type,
        "s",
        new Product("p", "Lamp", null, null, price),
        quantity,
        total,
        null,
        null,
        null);
  }
}
