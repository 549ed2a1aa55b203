package io.vectorstream.jmh.gpu;

import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingException;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.EngineInfo;
import io.vectorstream.jmh.embedding.TextsOfLength;
import io.vectorstream.reports.result.GpuResult.EmbeddingRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The measurement of texts embedded in a second, for one configuration after the other. */
final class EmbeddingRuns {
  private static final int LEAST_TEXTS = 32;

  private final TextsOfLength texts = new TextsOfLength();
  private final List<Integer> lengths;
  private final double seconds;

  /** One configuration; batch sizes and lengths of texts are given apart. */
  record Way(String engine, String device, String precision) {

    @Override
    public String toString() {
      return "%s %s %s".formatted(engine, device, precision);
    }
  }

  /**
   * @param lengths tokens of a text
   * @param seconds the least duration of the measurement of each figure
   */
  EmbeddingRuns(List<Integer> lengths, double seconds) {
    this.lengths = lengths;
    this.seconds = seconds;
  }

  static List<Way> ways(List<String> engines, boolean gpu, boolean cpu) {
    List<Way> ways = new ArrayList<>();
    for (String engine : engines) {
      if (gpu) {
        ways.add(new Way(engine, "gpu", "fp32"));
        ways.add(new Way(engine, "gpu", "fp16"));
      }
      if (cpu) {
        ways.add(new Way(engine, "cpu", "fp32"));
        if (engine.equals("onnxruntime")) {
          ways.add(new Way(engine, "cpu", "int8"));
        }
      }
    }
    return ways;
  }

  /**
   * Checks that at least one engine can use a GPU.
   *
   * @throws IllegalStateException if none can; the message says what was looked for
   */
  static void checkGpu(List<String> engines) {
    List<String> reasons = new ArrayList<>();
    for (String engine : engines) {
      try (EmbeddingService service = open(new Way(engine, "gpu", "fp32"), 16)) {
        return;
      } catch (EmbeddingException e) {
        reasons.add(e.getMessage());
      }
    }
    throw new IllegalStateException(
        "no GPU can be used, so there is nothing to compare (--cpu-only measures the CPU): "
            + String.join("; ", reasons));
  }

  /** Measures a row for each length of texts. */
  void measure(Way way, int batchSize, Consumer<EmbeddingRow> rows) {
    try (EmbeddingService service = open(way, batchSize)) {
      Optional<String> other = otherThanAsked(way, service.engine());
      for (int length : lengths) {
        rows.accept(
            other.isPresent()
                ? skipped(way, batchSize, length, other.get())
                : measure(service, way, batchSize, length));
      }
    } catch (EmbeddingException e) {
      for (int length : lengths) {
        rows.accept(skipped(way, batchSize, length, e.getMessage()));
      }
    }
  }

  private EmbeddingRow measure(EmbeddingService service, Way way, int batchSize, int length) {
    // Enough for several full batches, so that a GPU can copy and compute in parallel.
    int count = Math.max(LEAST_TEXTS, 4 * batchSize);
    service.embed(texts.next(count, length));
    long failures = service.stats().deviceFailures();
    long done = 0;
    long nanos = 0;
    while (nanos < seconds * 1e9) {
      List<String> next = texts.next(count, length);
      long start = System.nanoTime();
      service.embed(next);
      nanos += System.nanoTime() - start;
      done += count;
    }
    if (service.stats().deviceFailures() > failures) {
      return skipped(way, batchSize, length, "the GPU failed, and the CPU went on in its place");
    }
    return new EmbeddingRow(
        way.engine(),
        way.device(),
        way.precision(),
        batchSize,
        length,
        done,
        nanos / 1e9,
        done / (nanos / 1e9),
        null);
  }

  private static EmbeddingRow skipped(Way way, int batchSize, int length, String why) {
    return new EmbeddingRow(
        way.engine(), way.device(), way.precision(), batchSize, length, 0, 0, null, why);
  }

  /** Returns a note if the device lacks the precision, and another one is used. */
  private static Optional<String> otherThanAsked(Way way, EngineInfo engine) {
    boolean same =
        engine.engine().toLowerCase(Locale.ROOT).equals(way.engine())
            && engine.device().equals(way.device())
            && engine.precision().equals(way.precision());
    return same
        ? Optional.empty()
        : Optional.of(
            "it was computed with %s on the %s in %s instead"
                .formatted(engine.engine(), engine.device(), engine.precision()));
  }

  private static EmbeddingService open(Way way, int batchSize) {
    List<String> given =
        List.of(
            "embedding.engine=" + way.engine(),
            "embedding.device=" + way.device(),
            "embedding.precision=" + way.precision(),
            "embedding.batch_size=" + batchSize,
            "embedding.max_tokens=512",
            "embedding.cache_entries=1");
    return EmbeddingService.open(
        SettingsLoader.load(Optional.empty(), Map.of(), given).embedding());
  }
}
