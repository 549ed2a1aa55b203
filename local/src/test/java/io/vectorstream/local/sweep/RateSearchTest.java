package io.vectorstream.local.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.local.run.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateSearchTest {
  private final List<Double> tried = new ArrayList<>();
  private double highestHeld;

  /** Every rate up to the edge holds, and none above it. */
  private void search(double start, double edge, double tolerance, int mostRates) {
    RateSearch search = new RateSearch(start, tolerance, mostRates);
    for (Optional<Rate> rate = search.next(); rate.isPresent(); rate = search.next()) {
      tried.add(rate.get().perSecond());
      assertThat(search.expected()).isPositive();
      boolean held = rate.get().perSecond() <= edge;
      highestHeld = held ? rate.get().perSecond() : highestHeld;
      search.tried(held);
    }
    assertThat(search.expected()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "30000, 31000",
    "30000, 29000",
    "30000, 30000",
    "1000, 29785",
    "29785, 1000",
    "50, 3000000",
    "1020, 101.57"
  })
  void it_finds_the_edge_from_wherever_it_starts(double start, double edge) {
    search(start, edge, 0.05, 50);

    // Two rates that are 5% apart have the edge between them; rates have three digits.
    assertThat(highestHeld).isBetween(edge / 1.05 * 0.99, edge);
  }

  @Test
  void a_good_guess_takes_three_rates() {
    search(30_000, 31_000, 0.1, 50);

    assertThat(tried).containsExactly(30_000.0, 36_000.0, 32_900.0);
  }

  @Test
  void what_held_goes_up_only_and_what_did_not_goes_down_only() {
    double edge = 12_345;
    search(1000, edge, 0.01, 50);

    List<Double> held = tried.stream().filter(rate -> rate <= edge).toList();
    List<Double> failed = tried.stream().filter(rate -> rate > edge).toList();
    assertThat(held).isSorted();
    assertThat(failed).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void it_stops_after_so_many_rates() {
    search(1000, 29_785, 0.001, 4);

    assertThat(tried).hasSize(4);
  }

  @Test
  void where_nothing_holds_it_ends_with_nothing() {
    search(100, 0, 0.1, 50);

    assertThat(highestHeld).isZero();
    assertThat(tried).hasSizeLessThan(12).allMatch(rate -> rate >= 1);
  }

  @Test
  void rates_have_three_digits() {
    search(1000, 29_785, 0.01, 50);

    assertThat(tried).allMatch(rate -> rate == RateSearch.rounded(rate));
    assertThat(RateSearch.rounded(29_785.4)).isEqualTo(29_800);
  }
}
