package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vectorstream.embedding.Activations.Channels;
import io.vectorstream.embedding.Activations.Collector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sizes of activations, what is made of them, and the texts that they are measured on. */
class ActivationsTest {

  @Test
  void each_text_counts_alike_in_a_channels_bounds_and_each_token_in_its_mean() {
    Collector collector = new Collector(2);
    collector.add(new float[] {1, -4, 3, -2});
    collector.add(new float[] {9, 0});

    Channels channels = collector.channels();

    assertThat(channels.lowest()).containsExactly(5, -2);
    assertThat(channels.highest()).containsExactly(6, -1);
    assertThat(channels.mean()).containsExactly(13f / 3, -2);
    assertThat(channels.middle()).containsExactly(5.5f, -1.5f);
    assertThat(channels.reach()).containsExactly(0.5f, 0.5f);
  }

  @Test
  void one_row_far_larger_than_others_makes_one_scale_too_coarse() {
    Collector even = new Collector(1);
    even.add(new float[] {2, -3, 4, 3});
    Collector uneven = new Collector(1);
    uneven.add(new float[] {2, -30, 4, 3});

    assertThat(even.channels().hasLargeRows()).isFalse();
    assertThat(uneven.channels().hasLargeRows()).isTrue();
  }

  @Test
  void a_result_that_is_no_finite_number_is_refused() {
    assertThatThrownBy(() -> new Collector(2).add(new float[] {1, Float.NaN}))
        .hasMessage("an intermediate result is no finite number");
    assertThatThrownBy(() -> new Collector(1).add(new float[] {Float.POSITIVE_INFINITY}))
        .hasMessage("an intermediate result is no finite number");
  }

  @Test
  void divisors_share_a_channels_size_between_activation_and_weights() {
    Matrix weights = new Matrix(new float[] {1, -1, 0, 0, 0.5f, 0.25f}, 3, 2);

    float[] divisors = Smoothing.measured(new float[] {100, 7, 0}, weights);

    assertThat(divisors[0]).isBetween(10f, 100f);
    assertThat(divisors[1]).isEqualTo(1);
    assertThat(divisors[2]).isEqualTo(1);
  }

  @Test
  void the_bias_gives_back_what_rounded_weights_lose_of_the_mean() {
    Matrix weights = new Matrix(new float[] {1, 0.3001f}, 2, 1);
    float[] mean = {2, 5};

    ScaledLinear linear =
        ScaledLinear.of(
            weights, new float[] {0}, Optional.of(new float[] {1, 4}), Optional.of(mean), true);

    Matrix.Int8 small = linear.small().orElseThrow();
    float[] scales = small.scales();
    float product =
        (2 * small.values().get(0) + 5f / 4 * small.values().get(1)) * scales[0] + linear.bias()[0];
    assertThat(product).isCloseTo(2 + 5 * 0.3001f, within(1e-5f));
    assertThat(linear.bias()[0]).isNotZero();
  }

  @Test
  void texts_are_the_same_each_time_and_those_that_a_vocabulary_does_not_know_are_replaced()
      throws Exception {
    List<long[]> texts = MeasuredTexts.tokens(new BundledModel(), 30_522);

    assertThat(texts).hasSizeGreaterThan(24);
    assertThat(texts).allMatch(MeasuredTexts::isKnown);
    assertThat(texts).allSatisfy(text -> assertThat(text.length).isBetween(3, 64));
    List<long[]> again = MeasuredTexts.tokens(new BundledModel(), 30_522);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(again.get(i)).containsExactly(texts.get(i));
    }
    assertThat(MeasuredTexts.isKnown(new long[] {101, 100, 100, 100, 100, 102})).isFalse();
    assertThat(MeasuredTexts.isKnown(new long[] {101, 2000, 2001, 102})).isTrue();
  }
}
