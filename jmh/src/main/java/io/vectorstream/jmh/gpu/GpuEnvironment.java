package io.vectorstream.jmh.gpu;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.package$;

/** The environment of a benchmark. */
final class GpuEnvironment {
  private GpuEnvironment() {}

  /** Returns the versions of the libraries that compute, by name. */
  static Map<String, String> versions(List<String> engines, Optional<Path> rapidsJar) {
    Map<String, String> versions = new TreeMap<>();
    versions.put("djl", Engine.getDjlVersion());
    if (engines.contains("onnxruntime")) {
      versions.put(
          "onnxruntime",
          OrtEnvironment.getEnvironment().getVersion()
              + " "
              + OrtEnvironment.getAvailableProviders());
    }
    if (engines.contains("pytorch")) {
      versions.put("pytorch", Engine.getEngine("PyTorch").getVersion());
    }
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    rapidsJar.ifPresent(jar -> versions.put("rapids", jar.getFileName().toString()));
    return versions;
  }
}
