package io.vectorstream.embedding;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Utils;
import io.vectorstream.config.Settings.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Optional;
import java.util.Properties;

/** PyTorch, through DJL: TorchScript, and BERT with the weights of an ONNX file. */
final class PyTorchEngine implements InferenceEngine {

  /** The resource of PyTorch's native libraries that names their platform. */
  private static final String LIBRARY = "native/lib/pytorch.properties";

  /** The least cosine of a text's vectors in fp32 and in bf16. */
  private static final double LIKE_IN_BF16 = 0.999;

  private final Optional<String> bf16Missing;

  PyTorchEngine() {
    this(Processor.bf16Missing());
  }

  /**
   * @param bf16Missing why this machine's processor cannot compute in bf16; empty if it can
   */
  PyTorchEngine(Optional<String> bf16Missing) {
    this.bf16Missing = bf16Missing;
  }

  @Override
  public String name() {
    return PyTorchModel.ENGINE;
  }

  @Override
  public Optional<String> unfit(ModelSource source, ModelPlacement target) {
    if (target.precision() == Precision.INT8) {
      return Optional.of("it does not compute in int8");
    }
    if (source.torchScript().isPresent()) {
      return target.precision() == Precision.FP32
          ? Optional.empty()
          : Optional.of("TorchScript computes as it was saved");
    }
    if (!source.hasOnnx(Precision.FP32)) {
      return Optional.of("there is neither TorchScript nor ONNX in fp32 of " + source.name());
    }
    return target.precision() == Precision.BF16 ? bf16Missing : Optional.empty();
  }

  @Override
  public Optional<String> gpuMissing(ModelPlacement target) {
    Optional<String> noDriver = NvidiaDriver.missing();
    if (noDriver.isPresent()) {
      return noDriver;
    }
    Djl.preparePyTorch(target.threads());
    // The cheap check comes before the second one, which loads half a gigabyte.
    if (!mayHaveCuda() || !Engine.getEngine(name()).hasCapability(StandardCapabilities.CUDA)) {
      return Optional.of("it is here without CUDA (PYTORCH_LIBRARY_PATH)");
    }
    return Optional.empty();
  }

  /** Returns whether the user names a library, or a library for CUDA is on the class path. */
  private static boolean mayHaveCuda() {
    if (Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH") != null) {
      return true;
    }
    try {
      for (URL url :
          Collections.list(ClassLoaderUtils.getContextClassLoader().getResources(LIBRARY))) {
        Properties library = new Properties();
        try (InputStream in = url.openStream()) {
          library.load(in);
        }
        if (library.getProperty("flavor", library.getProperty("classifier", "")).startsWith("cu")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + LIBRARY + " on the class path", e);
    }
  }

  @Override
  public EmbeddingModel load(ModelSource source, ModelPlacement target) throws Exception {
    Djl.preparePyTorch(target.threads());
    Device device = target.gpu() ? Device.gpu() : Device.cpu();
    NDManager memory = NDManager.newBaseManager(device, name());
    EngineInfo info = target.info(name(), source.name());
    try {
      if (target.precision() == Precision.BF16) {
        return inBf16(source, memory, info, target.threads());
      }
      PyTorchModel.Encoder encoder = encoder(source, target, device, memory);
      return PyTorchModel.whole(encoder, memory, info, source.recipe().head(), target.threads());
    } catch (Exception | LinkageError e) {
      memory.close();
      throw e;
    }
  }

  /** Returns the model in bf16, compared with the same weights in fp32. */
  private static EmbeddingModel inBf16(
      ModelSource source, NDManager memory, EngineInfo info, int threads) throws IOException {
    SentenceHead head = source.recipe().head();
    try (ModelFile onnx = source.onnx(Precision.FP32)) {
      BertWeights weights = BertWeights.read(onnx.path());
      PyTorchModel half =
          PyTorchModel.inParts(
              new Bf16Encoder(weights, memory.newSubManager()), memory, info, head, threads);
      NDManager temporary = NDManager.newBaseManager(Device.cpu(), PyTorchModel.ENGINE);
      try (PyTorchModel exact =
          PyTorchModel.whole(
              new BertEncoder(weights, temporary.newSubManager(), DataType.FLOAT32),
              temporary,
              info,
              head,
              threads)) {
        // A NaN is not like anything.
        if (Likeness.of(exact, half) >= LIKE_IN_BF16) {
          return half;
        }
        throw new UnlikeBertException("its vectors in bf16 differ from those in fp32");
      } catch (RuntimeException | Error | IOException e) {
        half.close();
        throw e;
      }
    }
  }

  private static PyTorchModel.Encoder encoder(
      ModelSource source, ModelPlacement target, Device device, NDManager memory) throws Exception {
    if (source.torchScript().isPresent()) {
      return TorchScriptEncoder.load(source.torchScript().get(), source.name(), device);
    }
    DataType type = target.precision() == Precision.FP16 ? DataType.FLOAT16 : DataType.FLOAT32;
    try (ModelFile onnx = source.onnx(Precision.FP32)) {
      return new BertEncoder(BertWeights.read(onnx.path()), memory.newSubManager(), type);
    }
  }
}
