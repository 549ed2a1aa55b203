package io.vectorstream.embedding;

import ai.djl.MalformedModelException;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import io.vectorstream.config.Settings.Precision;
import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ONNX Runtime, through DJL. */
final class OnnxEngine implements InferenceEngine {
  private static final Logger log = LoggerFactory.getLogger(OnnxEngine.class);

  /** The least cosine of a text's vectors for which two computations count as the same. */
  private static final double LIKE = 0.99999;

  /** The same, if one of them is in int8. */
  private static final double LIKE_IN_INT8 = 0.9;

  @Override
  public String name() {
    return OnnxModel.ENGINE;
  }

  /** Returns empty for int8 even without a file of it: int8 can be computed from fp32, too. */
  @Override
  public Optional<String> unfit(ModelSource source, ModelPlacement target) {
    if (target.precision() == Precision.BF16) {
      return Optional.of("it does not compute in bf16");
    }
    if (!source.hasOnnx(target.precision()) && !madeOfFp32(source, target)) {
      return Optional.of(
          "there is no ONNX file of " + source.name() + " in " + target.precisionName());
    }
    return Optional.empty();
  }

  @Override
  public Optional<String> gpuMissing(ModelPlacement target) {
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

  private static boolean madeOfFp32(ModelSource source, ModelPlacement target) {
    return !target.gpu()
        && target.precision() == Precision.INT8
        && source.hasOnnx(Precision.FP32)
        && !source.hasOnnx(Precision.INT8);
  }

  @Override
  public EmbeddingModel load(ModelSource source, ModelPlacement target) throws Exception {
    boolean int8 = madeOfFp32(source, target);
    try (ModelFile onnx = source.onnx(int8 ? Precision.FP32 : target.precision())) {
      if (target.gpu()) {
        CudaPlacement.check(onnx.path());
      } else if (int8 || target.precision() == Precision.FP32) {
        Optional<EmbeddingModel> fused = fused(source, onnx.path(), target, int8);
        if (fused.isPresent()) {
          return fused.get();
        }
      }
      return OnnxModel.load(source.name(), onnx.path(), source.recipe().head(), target);
    }
  }

  /**
   * Returns the model in ONNX Runtime's faster operations, compared with the file's own; empty if
   * that is not possible, because it is not a plain BERT, or this machine has no such operation.
   *
   * @throws Exception for int8, which is not available in another way
   */
  private static Optional<EmbeddingModel> fused(
      ModelSource source, Path onnx, ModelPlacement target, boolean int8) throws Exception {
    String name = source.name();
    SentenceHead head = source.recipe().head();
    Path file = Files.createTempFile(TemporaryFolder.path(), "fused-", ".onnx");
    try {
      BertWeights weights = BertWeights.read(onnx);
      Optional<Activations> known =
          int8 ? measured(source, weights, target.threads()) : Optional.empty();
      FusedBert.write(weights, int8, known, file);
      OnnxModel fused = OnnxModel.load(name, file, head, target);
      try (OnnxModel whole = OnnxModel.load(name, onnx, head, target)) {
        if (Likeness.of(whole, fused) >= (int8 ? LIKE_IN_INT8 : LIKE)) {
          return Optional.of(fused);
        }
      } catch (Exception | Error e) {
        fused.close();
        throw e;
      }
      fused.close();
      throw new UnlikeBertException("its vectors differ from those of the file as it is");
    } catch (IOException | MalformedModelException | OrtException | RuntimeException e) {
      if (int8) {
        throw e;
      }
      log.info("embedding with {} without fused operations: {}", name, Djl.reason(e));
      return Optional.empty();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Returns the sizes that the scales of int8 are better with; empty if they cannot be measured.
   */
  private static Optional<Activations> measured(
      ModelSource source, BertWeights weights, int threads) {
    try {
      int vocabulary = weights.embeddings().words().shape().get(0).intValue();
      return Optional.of(
          ActivationProbe.measure(weights, MeasuredTexts.tokens(source, vocabulary), threads));
    } catch (IOException | OrtException | RuntimeException e) {
      log.warn(
          "embedding with {} in int8 with scales from its weights alone: {}",
          source.name(),
          Djl.reason(e));
      return Optional.empty();
    }
  }
}
