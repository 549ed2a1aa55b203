package io.vectorstream.shop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "15              | 15",
        "12.5            | 12.5",
        "12,50           | 12.5",
        "1.299,99        | 1299.99",
        "1,299.99        | 1299.99",
        "1.299.000       | 1299000",
        "1,299,000.5     | 1299000.5",
        "1'299.50        | 1299.5",
        "1 299,50        | 1299.5",
        "12,34,567.00    | 1234567",
        "15.00 USD       | 15",
        "USD 15.00       | 15",
        "€ 15            | 15",
        "15,5 €          | 15.5",
        "US$1,299.00     | 1299",
        "Rs. 1,299.00    | 1299",
        "1299,- kr.      | 1299",
        "0.125           | 0.125",
        "1234.567        | 1234.567",
        ".99             | 0.99",
        "15.             | 15",
        "1.3E3           | 1300"
      })
  void a_price_that_can_be_read_in_one_way_is_read_in_it_whatever_the_mark(
      String text, double price) {
    for (DecimalMark mark : DecimalMark.values()) {
      assertThat(PriceText.parse(text, mark)).as("%s, a decimal %s", text, mark).isEqualTo(price);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.299, POINT, 1.299",
    "1.299, COMMA, 1299",
    "'1,299', POINT, 1299",
    "'1,299', COMMA, 1.299",
    "1.299 EUR, COMMA, 1299"
  })
  void three_digits_behind_one_mark_are_read_with_the_mark_of_the_file(
      String text, DecimalMark mark, double price) {
    assertThat(PriceText.parse(text, mark)).isEqualTo(price);
  }

  @ParameterizedTest
  @CsvSource({
    "12.50, POINT", "'12,50', COMMA", "'1.299,99', COMMA", "1.299.000, COMMA",
    "'1,299,000', POINT", "0.125, POINT", "1.299,", "15,"
  })
  void a_price_shows_the_mark_of_its_file_where_it_is_certain(String text, DecimalMark mark) {
    assertThat(PriceText.of(text).orElseThrow().shows().orElse(null)).isEqualTo(mark);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "free",
        "",
        "USD",
        "12.50.10",
        "1.29.000,5",
        "1,2,3",
        "12 to 15",
        "10.00 - 20.00",
        "on request",
        "12%",
        "NaN",
        "Infinity",
        "0x10",
        "1.299,99,1",
        "5.00-",
        "99¢",
        "99 ct",
        "99p",
        "1.5k"
      })
  void what_is_no_price_is_none(String text) {
    assertThat(PriceText.parse(text, DecimalMark.POINT)).isNaN();
  }
}
