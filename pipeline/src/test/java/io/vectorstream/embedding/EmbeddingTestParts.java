package io.vectorstream.embedding;

import io.vectorstream.config.RemoteEmbedding;
import io.vectorstream.config.Secret;
import io.vectorstream.config.Settings;
import java.time.Duration;
import java.util.List;

/** The common parts of embedding tests: settings, on two threads, and similarity of vectors. */
final class EmbeddingTestParts {
  /** The settings of a server where there is none. */
  static final RemoteEmbedding NO_SERVER =
      new RemoteEmbedding(
          "",
          RemoteEmbedding.Api.AUTO,
          "",
          new Secret(""),
          "",
          false,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          32,
          4);

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
        10_000,
        Settings.Embedding.AUTO,
        Settings.Embedding.AUTO,
        Settings.Embedding.AUTO,
        0,
        NO_SERVER);
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
        model,
        "",
        engine,
        Settings.Device.CPU,
        precision,
        searches,
        16,
        0,
        2,
        10_000,
        Settings.Embedding.AUTO,
        Settings.Embedding.AUTO,
        Settings.Embedding.AUTO,
        0,
        NO_SERVER);
  }

  /** The settings of a model in fp32 with what its files may not say. */
  static Settings.Embedding settings(
      String model, String pooling, String queryPrompt, String documentPrompt, int dimensions) {
    return settings(model, pooling, queryPrompt, documentPrompt, dimensions, NO_SERVER);
  }

  static Settings.Embedding settings(
      String model,
      String pooling,
      String queryPrompt,
      String documentPrompt,
      int dimensions,
      RemoteEmbedding remote) {
    return new Settings.Embedding(
        model,
        "",
        Settings.Engine.AUTO,
        Settings.Device.CPU,
        Settings.Precision.FP32,
        Settings.SearchPrecision.AUTO,
        16,
        0,
        2,
        10_000,
        pooling,
        queryPrompt,
        documentPrompt,
        dimensions,
        remote);
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
