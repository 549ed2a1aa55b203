package io.vectorstream.reports.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PairedRatioTest {

  @Test
  void the_interval_is_that_of_a_t_test_of_the_logarithms() {
    // By hand: a mean of 0.0790929, a standard error of 0.040604, and t(3) = 3.18245 at 97.5 %.
    PairedRatio ratio =
        PairedRatio.of(List.of(100.0, 100.0, 100.0, 100.0), List.of(110.0, 99.0, 120.0, 105.0));

    assertThat(ratio.pairs()).isEqualTo(4);
    assertThat(ratio.ratio()).isCloseTo(1.0823, within(1e-4));
    assertThat(ratio.low()).isCloseTo(0.9511, within(1e-4));
    assertThat(ratio.high()).isCloseTo(1.2316, within(1e-4));
  }

  @Test
  void what_both_of_a_pair_have_in_common_drops_out() {
    PairedRatio ratio = PairedRatio.of(List.of(10.0, 20.0, 40.0), List.of(9.0, 18.0, 36.0));

    assertThat(ratio.ratio()).isCloseTo(0.9, within(1e-9));
    assertThat(ratio.high()).isCloseTo(0.9, within(1e-6));
    assertThat(ratio.isBeyond(0.05)).isTrue();
    assertThat(ratio.isBeyond(0.2)).isFalse();
  }

  @Test
  void an_interval_with_1_in_it_is_not_beyond_noise_however_large_the_ratio() {
    PairedRatio ratio = PairedRatio.of(List.of(10.0, 10.0, 10.0), List.of(9.0, 25.0, 11.0));

    assertThat(ratio.ratio()).isGreaterThan(1.2);
    assertThat(ratio.isBeyond(0.05)).isFalse();
  }
}
