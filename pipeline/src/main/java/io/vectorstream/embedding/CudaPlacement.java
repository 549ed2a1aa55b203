package io.vectorstream.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A check of the devices on which ONNX Runtime computes a model. It silently runs the operations on
 * the CPU that the GPU cannot do; only its profile of a run shows that.
 */
final class CudaPlacement {
  private static final String CUDA = "CUDAExecutionProvider";

  /** The operations that take most time. Operations on shapes rightly run on the CPU. */
  private static final Pattern PRODUCT = Pattern.compile(".*(MatMul|Gemm|Attention).*");

  private CudaPlacement() {}

  /**
   * Checks the placement.
   *
   * @throws IOException if products of matrices are not computed on CUDA
   */
  static void check(Path onnx) throws OrtException, IOException {
    Map<String, Integer> products;
    try (SessionOptions options = new SessionOptions()) {
      options.addCUDA(0);
      products = products(onnx, options);
    }
    if (!products.keySet().equals(Set.of(CUDA))) {
      throw new IOException(
          "ONNX Runtime does not compute the model on CUDA; its products of matrices are on "
              + products);
    }
  }

  /** Returns how many products of matrices each execution provider computes in one run. */
  static Map<String, Integer> products(Path onnx, SessionOptions options)
      throws OrtException, IOException {
    Path folder = Files.createTempDirectory(TemporaryFolder.path(), "profile-");
    try {
      options.enableProfiling(folder.resolve("run").toString());
      Path profile = run(onnx, options);
      try {
        return count(new ObjectMapper().readTree(profile.toFile()));
      } finally {
        Files.deleteIfExists(profile);
      }
    } finally {
      Files.deleteIfExists(folder);
    }
  }

  private static Path run(Path onnx, SessionOptions options) throws OrtException {
    // There is one environment in a process, and DJL's engine fails unless it has created it.
    Djl.prepare();
    OnnxEnd.takeOver();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(onnx.toString(), options);
        OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {{1, 2, 3}});
        OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {{1, 1, 1}});
        OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {{0, 0, 0}})) {
      Map<String, OnnxTensor> inputs =
          new HashMap<>(
              Map.of(ModelShape.IDS, ids, ModelShape.MASK, mask, ModelShape.TYPES, types));
      inputs.keySet().retainAll(session.getInputNames());
      session.run(inputs).close();
      return Path.of(session.endProfiling());
    }
  }

  private static Map<String, Integer> count(JsonNode profile) {
    Map<String, Integer> products = new HashMap<>();
    for (JsonNode step : profile) {
      JsonNode details = step.path("args");
      String provider = details.path("provider").asText();
      if (!provider.isEmpty() && PRODUCT.matcher(details.path("op_name").asText()).matches()) {
        products.merge(provider, 1, Integer::sum);
      }
    }
    return products;
  }
}
