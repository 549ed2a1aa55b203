package io.vectorstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vectorstream.reports.result.RunSummary.ResourceSample;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Watches this very process. */
class ResourceWatchTest {
  private static final int MORE = 200;

  @TempDir private Path folder;

  private ResourceWatch watch() {
    return new ResourceWatch(folder.toString(), Duration.ofMillis(10), Duration.ofMillis(100));
  }

  private static ResourceSample next(ResourceWatch watch) {
    watch.startOver();
    await().until(() -> watch.samples().size() >= 2);
    return watch.samples().get(1);
  }

  @Test
  void threads_that_are_left_behind_show() {
    CountDownLatch end = new CountDownLatch(1);
    try (ResourceWatch watch = watch()) {
      long before = next(watch).threads();
      for (int i = 0; i < MORE; i++) {
        new Thread(() -> awaitEnd(end)).start();
      }
      assertThat(next(watch).threads()).isBetween(before + MORE / 2, before + 2 * MORE);
    } finally {
      end.countDown();
    }
  }

  private static void awaitEnd(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void files_that_are_left_open_show() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    List<InputStream> open = new ArrayList<>();
    try (ResourceWatch watch = watch()) {
      long before = next(watch).fileHandles();
      for (int i = 0; i < MORE; i++) {
        open.add(Files.newInputStream(file));
      }
      assertThat(next(watch).fileHandles()).isBetween(before + MORE / 2, before + 2 * MORE);
    } finally {
      for (InputStream stream : open) {
        stream.close();
      }
    }
  }

  @Test
  void what_is_kept_on_the_heap_shows_and_garbage_does_not() {
    try (ResourceWatch watch = watch()) {
      System.gc();
      long before = next(watch).heapMb();
      byte[][] kept = new byte[640][100_000];
      System.gc();
      assertThat(next(watch).heapMb()).isBetween(before + 40, before + 100);
      Reference.reachabilityFence(kept);
      kept = null;
      System.gc();
      assertThat(next(watch).heapMb()).isLessThan(before + 40);
    }
  }

  @Test
  void the_checkpoint_is_counted_and_resident_memory_is_never_above_its_peak() throws IOException {
    Files.write(folder.resolve("offsets"), new byte[3000]);
    try (ResourceWatch watch = watch()) {
      ResourceSample sample = next(watch);

      assertThat(sample.checkpointFiles()).isEqualTo(1);
      assertThat(sample.checkpointKb()).isEqualTo(3);
      assertThat(sample.rssMb()).isPositive().isLessThanOrEqualTo(watch.peakRssMb());
    }
  }

  @Test
  void a_run_too_short_for_a_sample_has_one_all_the_same() {
    try (ResourceWatch watch = new ResourceWatch("s3a://bucket/checkpoint")) {
      assertThat(watch.samples())
          .singleElement()
          .satisfies(
              sample -> {
                assertThat(sample.threads()).isPositive();
                assertThat(sample.checkpointFiles()).isNull();
              });
    }
  }

  @Test
  void the_samples_of_a_long_run_are_thinned_out_evenly() {
    List<ResourceSample> day =
        LongStream.rangeClosed(1, 2880)
            .mapToObj(i -> new ResourceSample(30 * i, 1, 1, 1L, null, null, null))
            .toList();

    List<ResourceSample> left = ResourceWatch.thinnedOut(day);

    assertThat(left).hasSize(120).first().isEqualTo(day.get(0));
    assertThat(left.get(119)).isEqualTo(day.get(2879));
    for (int i = 1; i < left.size(); i++) {
      assertThat(left.get(i).seconds() - left.get(i - 1).seconds()).isBetween(690L, 780L);
    }
    assertThat(ResourceWatch.thinnedOut(day.subList(0, 120))).isEqualTo(day.subList(0, 120));
  }
}
