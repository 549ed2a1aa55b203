package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary.ResourceSample;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The check whether a resource was used up slowly: its median in the second fifth of a run, when it
 * is warm, and in the last fifth.
 */
record ResourceTrend(long warm, long end) {
  private static final int PARTS = 5;

  /**
   * @param figure null in samples that do not have it
   * @return empty when one of the fifths has no sample with the figure
   */
  static Optional<ResourceTrend> of(
      List<ResourceSample> samples, Function<ResourceSample, Long> figure) {
    return median(samples, figure, 2)
        .flatMap(warm -> median(samples, figure, PARTS).map(end -> new ResourceTrend(warm, end)));
  }

  long change() {
    return end - warm;
  }

  private static Optional<Long> median(
      List<ResourceSample> samples, Function<ResourceSample, Long> figure, int part) {
    if (samples.isEmpty()) {
      return Optional.empty();
    }
    long whole = samples.get(samples.size() - 1).seconds();
    List<Long> sorted =
        samples.stream()
            // In whole numbers: a sample on the border belongs to the part that it ends.
            .filter(sample -> sample.seconds() * PARTS > whole * (part - 1))
            .filter(sample -> sample.seconds() * PARTS <= whole * part)
            .map(figure)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    int count = sorted.size();
    return count == 0
        ? Optional.empty()
        : Optional.of(Math.round((sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2.0));
  }
}
