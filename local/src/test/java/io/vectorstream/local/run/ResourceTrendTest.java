package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.reports.result.RunSummary.ResourceSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceTrendTest {

  private static ResourceSample threads(long second, long threads) {
    return new ResourceSample(second, 0, 0, threads, null, null, null);
  }

  @Test
  void the_second_fifth_is_held_against_the_last_one() {
    // The second fifth ends at 360 s and has the samples of 210 s to 360 s; the last begins at 750
    // s.
    assertThat(
            ResourceTrend.of(
                ResourceSamples.ofQuarterHour(second -> threads(second, second)),
                ResourceSample::threads))
        .contains(new ResourceTrend(285, 825));
  }

  @Test
  void a_single_sample_that_stands_out_changes_nothing() {
    assertThat(
            ResourceTrend.of(
                ResourceSamples.ofQuarterHour(second -> threads(second, second == 900 ? 9999 : 50)),
                ResourceSample::threads))
        .contains(new ResourceTrend(50, 50));
  }

  @Test
  void there_is_none_without_a_sample_in_both_parts() {
    assertThat(ResourceTrend.of(List.of(), ResourceSample::threads)).isEmpty();
    assertThat(ResourceTrend.of(List.of(threads(30, 5)), ResourceSample::threads)).isEmpty();
    assertThat(ResourceTrend.of(ResourceSamples.steady(), sample -> null)).isEmpty();
  }
}
