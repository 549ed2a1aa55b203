package io.vectorstream.embedding;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import java.util.Optional;

/** ONNX Runtime, through DJL. */
final class OnnxEngine implements InferenceEngine {

  @Override
  public String name() {
    return OnnxModel.ENGINE;
  }

  @Override
  public Optional<String> unfit(ModelSource source, Target target) {
    if (!source.hasOnnx(target.precision())) {
      return Optional.of(
          "there is no ONNX file of " + source.name() + " in " + target.precisionName());
    }
    return Optional.empty();
  }

  @Override
  public Optional<String> gpuMissing(Target target) {
    Optional<String> noDriver = NvidiaDriver.missing();
    if (noDriver.isPresent()) {
      return noDriver;
    }
    Djl.prepare();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return Optional.of("it was built without CUDA (mvn -Pgpu)");
    }
    return Optional.empty();
  }

  @Override
  public EmbeddingModel load(ModelSource source, Target target) throws Exception {
    try (ModelFile onnx = source.onnx(target.precision())) {
      if (target.gpu()) {
        CudaPlacement.check(onnx.path());
      }
      return OnnxModel.load(source.name(), onnx.path(), target);
    }
  }
}
