package io.vectorstream.embedding;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model on the GPU with the same model on the CPU as a fallback. If the GPU fails on a batch, the
 * CPU computes it, so nothing is lost. If the GPU fails on a known word too, it is not used for a
 * minute, then for two, up to ten.
 */
final class FallbackModel implements EmbeddingModel {
  private static final Logger log = LoggerFactory.getLogger(FallbackModel.class);
  static final Duration FIRST_WAIT = Duration.ofMinutes(1);
  static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final Callable<EmbeddingModel> gpuLoader;
  private final Callable<EmbeddingModel> cpuLoader;
  private final DeviceChoice.TrialRun probe;
  private final InstantSource clock;

  /** The model on the GPU; null while the GPU is not used. */
  private EmbeddingModel gpu;

  /** The model on the CPU; null until it is needed for the first time. */
  private EmbeddingModel cpu;

  private Duration wait = FIRST_WAIT;
  private Instant nextTry = Instant.MIN;
  private Instant backSince = Instant.MIN;

  private volatile EngineInfo computing;
  private volatile long deviceFailures;

  /**
   * @param gpu loaded, and checked
   * @param gpuLoader loads it again
   * @param cpuLoader called when the CPU is needed for the first time
   * @param probe lets a model embed a known word
   */
  FallbackModel(
      EmbeddingModel gpu,
      Callable<EmbeddingModel> gpuLoader,
      Callable<EmbeddingModel> cpuLoader,
      DeviceChoice.TrialRun probe,
      InstantSource clock) {
    this.gpuLoader = gpuLoader;
    this.cpuLoader = cpuLoader;
    this.probe = probe;
    this.clock = clock;
    this.gpu = new ShrinkingModel(gpu, clock);
    this.computing = gpu.engine();
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    if (gpu == null && !clock.instant().isBefore(nextTry)) {
      tryAgain();
    }
    if (gpu == null) {
      return cpu().embed(tokens);
    }
    try {
      return gpu.embed(tokens);
    } catch (RuntimeException | LinkageError e) {
      if (!stillWorks()) {
        leave(e);
      }
      // If it fails here too, the texts are the cause.
      return cpu().embed(tokens);
    }
  }

  private boolean stillWorks() {
    try {
      probe.run(gpu);
      return true;
    } catch (RuntimeException | LinkageError e) {
      return false;
    }
  }

  private void leave(Throwable failure) {
    Instant now = clock.instant();
    // If it fails again soon after it was back, the waiting time doubles.
    boolean wasWell = backSince.plus(LONGEST_WAIT).isBefore(now);
    wait = wasWell ? FIRST_WAIT : longer(wait);
    nextTry = now.plus(wait);
    deviceFailures++;
    log.warn(
        "the GPU fails, and the CPU embeds in its place: {}; it is tried again in {} min",
        Djl.reason(failure),
        wait.toMinutes());
    close(gpu);
    gpu = null;
    computing = cpu().engine();
  }

  private void tryAgain() {
    EmbeddingModel loaded = null;
    try {
      loaded = gpuLoader.call();
      probe.run(loaded);
      gpu = new ShrinkingModel(loaded, clock);
      computing = loaded.engine();
      backSince = clock.instant();
      log.info("the GPU works again, and embeds from now on");
    } catch (Exception | LinkageError e) {
      if (loaded != null) {
        close(loaded);
      }
      wait = longer(wait);
      nextTry = clock.instant().plus(wait);
      log.info(
          "the GPU still fails: {}; it is tried again in {} min", Djl.reason(e), wait.toMinutes());
    }
  }

  private static Duration longer(Duration wait) {
    Duration twice = wait.multipliedBy(2);
    return twice.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : twice;
  }

  private EmbeddingModel cpu() {
    if (cpu == null) {
      try {
        cpu = cpuLoader.call();
      } catch (EmbeddingException e) {
        throw e;
      } catch (Exception | LinkageError e) {
        throw new EmbeddingException(
            "the GPU fails, and the model cannot be loaded for the CPU: " + Djl.reason(e), e);
      }
    }
    return cpu;
  }

  @Override
  public EngineInfo engine() {
    return computing;
  }

  @Override
  public long deviceFailures() {
    return deviceFailures;
  }

  @Override
  public void close() {
    if (gpu != null) {
      close(gpu);
    }
    if (cpu != null) {
      cpu.close();
    }
  }

  /** Closes a model that is broken; closing it may fail, too. */
  private static void close(EmbeddingModel model) {
    try {
      model.close();
    } catch (RuntimeException | LinkageError e) {
      log.debug("closing a model that has failed", e);
    }
  }
}
