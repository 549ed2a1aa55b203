package io.vectorstream.local.run;

import io.vectorstream.reports.result.RunSummary.ResourceSample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The resources of this process while it runs: measured once a second, and reported in samples of
 * half a minute. A sample has the median of its measurements, because a single measurement depends
 * on the moment within a batch.
 */
final class ResourceWatch implements AutoCloseable {
  /** The most samples in a summary; those of a longer run are thinned out. */
  static final int MOST_SAMPLES = 120;

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration SAMPLE = Duration.ofSeconds(30);

  private final ProcessGauges gauges = new ProcessGauges();
  private final Optional<CheckpointFolder> checkpoint;
  private final Duration sampleEvery;
  private final List<ResourceSample> samples = new ArrayList<>();
  private final Window window = new Window();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "resource-watch");
            thread.setDaemon(true);
            return thread;
          });

  private long peakRssBytes;
  private long startNanos = System.nanoTime();

  /** The sample times that have passed since the start. */
  private long samplesDue;

  /** The measurements since the last sample. */
  private static final class Window {
    private final List<Long> rss = new ArrayList<>();
    private final List<Long> heap = new ArrayList<>();
    private final List<Long> threads = new ArrayList<>();
    private final List<Long> fileHandles = new ArrayList<>();

    private void clear() {
      List.of(rss, heap, threads, fileHandles).forEach(List::clear);
    }
  }

  /**
   * @param checkpoint the setting {@code stream.checkpoint}
   */
  ResourceWatch(String checkpoint) {
    this(checkpoint, LOOK, SAMPLE);
  }

  ResourceWatch(String checkpoint, Duration lookEvery, Duration sampleEvery) {
    this.checkpoint = CheckpointFolder.of(checkpoint);
    this.sampleEvery = sampleEvery;
    clock.scheduleAtFixedRate(this::look, 0, lookEvery.toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized void look() {
    long rss = gauges.rssBytes();
    peakRssBytes = Math.max(peakRssBytes, rss);
    window.rss.add(rss);
    window.heap.add(gauges.heapBytes());
    window.threads.add(gauges.threads());
    gauges.fileHandles().ifPresent(window.fileHandles::add);
    long due = sinceStart() / sampleEvery.toNanos();
    if (due > samplesDue) {
      samplesDue = due;
      samples.add(sample());
    }
  }

  private long sinceStart() {
    return System.nanoTime() - startNanos;
  }

  private ResourceSample sample() {
    Optional<CheckpointFolder.Size> kept = checkpoint.flatMap(ResourceWatch::size);
    ResourceSample sample =
        new ResourceSample(
            Math.round(sinceStart() / 1e9),
            roundedUp(median(window.rss).orElse(0), 20),
            roundedUp(median(window.heap).orElse(0), 20),
            median(window.threads).orElse(0),
            boxed(median(window.fileHandles)),
            kept.map(CheckpointFolder.Size::files).orElse(null),
            kept.map(size -> roundedUp(size.bytes(), 10)).orElse(null));
    window.clear();
    return sample;
  }

  private static Optional<CheckpointFolder.Size> size(CheckpointFolder folder) {
    try {
      return Optional.of(folder.size());
    } catch (IOException e) {
      // A sample without it is better than no samples from here on.
      return Optional.empty();
    }
  }

  private static OptionalLong median(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).sorted().skip(values.size() / 2).findFirst();
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  /** Rounds up to units of {@code 2^bits} bytes. */
  private static long roundedUp(long bytes, int bits) {
    return (bytes + (1L << bits) - 1) >> bits;
  }

  /** Returns the most memory that this process has used, in MB of 1,048,576 bytes, rounded up. */
  synchronized long peakRssMb() {
    look();
    return roundedUp(Math.max(peakRssBytes, gauges.peakRssBytes()), 20);
  }

  /** Deletes the samples: the measurement begins now. The peak stays. */
  synchronized void startOver() {
    samples.clear();
    window.clear();
    samplesDue = 0;
    startNanos = System.nanoTime();
  }

  /**
   * Returns the samples since the start, at most {@link #MOST_SAMPLES}: the first, the last, and of
   * those between them as many as there is room for. A run too short for one gives one.
   */
  synchronized List<ResourceSample> samples() {
    if (samples.isEmpty()) {
      look();
      return List.of(sample());
    }
    return thinnedOut(samples);
  }

  static List<ResourceSample> thinnedOut(List<ResourceSample> all) {
    if (all.size() <= MOST_SAMPLES) {
      return List.copyOf(all);
    }
    return IntStream.range(0, MOST_SAMPLES)
        .mapToObj(i -> all.get(Math.round(i * (all.size() - 1f) / (MOST_SAMPLES - 1))))
        .toList();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
