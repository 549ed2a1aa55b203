package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary.ResourceSample;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Made-up resources of a run. */
final class ResourceSamples {
  private ResourceSamples() {}

  /** Returns one sample every 30 s of a run of 15 minutes, with the resources at that second. */
  static List<ResourceSample> ofQuarterHour(LongFunction<ResourceSample> at) {
    return LongStream.rangeClosed(1, 30).map(i -> 30 * i).mapToObj(at).toList();
  }

  /** Returns a run that is warm after two minutes and then uses the same resources. */
  static List<ResourceSample> steady() {
    return ofQuarterHour(
        second ->
            second <= 120
                ? new ResourceSample(second, 900, 90, 80L, 300L, 20L, 40L)
                : new ResourceSample(second, 1500, 150, 100L, 400L, 60L, 120L));
  }

  /** Returns the steady run with other resources in its last fifth: three minutes, six samples. */
  static List<ResourceSample> endingWith(
      long heapMb, long threads, long fileHandles, long checkpointFiles, long checkpointKb) {
    return steady().stream()
        .map(
            sample ->
                sample.seconds() <= 720
                    ? sample
                    : new ResourceSample(
                        sample.seconds(),
                        1500,
                        heapMb,
                        threads,
                        fileHandles,
                        checkpointFiles,
                        checkpointKb))
        .toList();
  }
}
