package io.vectorstream.local.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vectorstream.reports.result.RunSummary.Percentile;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyCurveTest {
  private static Histogram oneToMillion() {
    Histogram histogram = new Histogram(3);
    LongStream.rangeClosed(1, 1_000_000).forEach(histogram::recordValue);
    return histogram;
  }

  @Test
  void it_rises_from_the_median_to_the_slowest_in_few_points() {
    List<Percentile> curve = LatencyCurve.of(oneToMillion());

    assertThat(curve).hasSizeBetween(40, 60);
    assertThat(curve.get(0).percentile()).isEqualTo(50);
    assertThat(curve.get(curve.size() - 1).percentile()).isEqualTo(100);
    assertThat(curve)
        .extracting(Percentile::percentile)
        .contains(75.0, 99.99)
        .doesNotHaveDuplicates();
    assertThat(curve)
        .isSortedAccordingTo(Comparator.comparing(Percentile::percentile))
        .isSortedAccordingTo(Comparator.comparing(Percentile::ms));
  }

  @Test
  void each_point_says_what_the_histogram_says_to_its_three_digits() {
    assertThat(LatencyCurve.of(oneToMillion()))
        .allSatisfy(
            point ->
                assertThat(point.ms() / 1e6)
                    .isBetween(point.percentile() / 100 * 0.998, point.percentile() / 100 * 1.002));
  }

  @Test
  void no_events_have_no_curve() {
    assertThat(LatencyCurve.of(new Histogram(3))).isEmpty();
  }
}
