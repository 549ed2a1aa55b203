package io.vectorstream.embedding;

import io.vectorstream.config.Settings;
import java.util.List;

/** The common parts of embedding tests: settings, on two threads, and similarity of vectors. */
final class EmbeddingTestParts {
  private EmbeddingTestParts() {}

  static Settings.Embedding settings() {
    return settings(16, 256);
  }

  static Settings.Embedding settings(int batchSize, int maxTokens) {
    return new Settings.Embedding(
        "bundled",
        "",
        Settings.Engine.AUTO,
        Settings.Device.AUTO,
        Settings.Precision.FP32,
        Settings.SearchPrecision.AUTO,
        batchSize,
        maxTokens,
        2,
        10_000);
  }

  static Settings.Embedding settings(
      String model, Settings.Engine engine, Settings.Precision precision) {
    return settings(model, engine, precision, Settings.SearchPrecision.AUTO);
  }

  static Settings.Embedding settings(
      String model,
      Settings.Engine engine,
      Settings.Precision precision,
      Settings.SearchPrecision searches) {
    return new Settings.Embedding(
        model, "", engine, Settings.Device.CPU, precision, searches, 16, 256, 2, 10_000);
  }

  static double cosine(float[] a, float[] b) {
    double dot = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(lengthA * lengthB);
  }

  /** Returns the lowest of the pairs' cosines. */
  static double lowestCosine(List<float[]> some, List<float[]> others) {
    double lowest = 1;
    for (int i = 0; i < some.size(); i++) {
      lowest = Math.min(lowest, cosine(some.get(i), others.get(i)));
    }
    return lowest;
  }
}
