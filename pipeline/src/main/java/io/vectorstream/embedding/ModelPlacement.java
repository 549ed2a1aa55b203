package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.util.Locale;

/**
 * The device, precision and threads of a model.
 *
 * @param gpu whether on the first CUDA device; on the CPU if not
 * @param threads threads that compute one batch together on the CPU
 */
record ModelPlacement(boolean gpu, Settings.Precision precision, int threads) {

  /** Returns {@code cpu} or {@code gpu}. */
  String device() {
    return gpu ? "gpu" : "cpu";
  }

  EngineInfo info(String engine, String model) {
    return new EngineInfo(engine, device(), precisionName(), model);
  }

  /** Returns {@code fp32}, {@code fp16}, {@code bf16} or {@code int8}. */
  String precisionName() {
    return precision.name().toLowerCase(Locale.ROOT);
  }
}
