package io.vectorstream.embedding;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.onnxruntime.engine.OrtNDArray;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.vectorstream.config.Settings.Precision;
import io.vectorstream.process.NativeWork;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An ONNX model, run by DJL's ONNX Runtime engine. Its inputs are {@code input_ids} and, if it has
 * them, {@code attention_mask}, {@code token_type_ids} and {@code position_ids}, each {@code
 * int64[texts][tokens]}; its output is {@code float[texts][tokens][dimension]}.
 *
 * <p>On the CPU a batch is divided into parts, each computed by one thread alone. Threads that
 * shared the work of each operation would wait for each other hundreds of times in a batch. In int8
 * parts are small, with one thread too: each has scales of its own.
 */
final class OnnxModel implements EmbeddingModel {
  static final String ENGINE = "OnnxRuntime";

  private final Model model;
  private final ParameterStore parameters;
  private final List<String> inputs;
  private final EngineInfo info;
  private final SentenceHead head;
  private final PartedBatch parts;
  private final boolean onCpu;

  /** Unused buffers for texts that are computed beside the batches. */
  private final Queue<TokenBuffers> spareBuffers = new ConcurrentLinkedQueue<>();

  private OnnxModel(Model model, EngineInfo info, SentenceHead head, int callers, int tokens) {
    this.model = model;
    this.head = head;
    this.parameters = new ParameterStore(model.getNDManager(), false);
    this.inputs = model.getBlock().describeInput().keys();
    this.info = info;
    ModelShape.checkInputs(info.model(), inputs);
    this.parts = new PartedBatch(callers, tokens, this::embed);
    this.onCpu = info.device().equals("cpu");
  }

  /**
   * @param onnx the file, which is not needed any more when this returns
   * @param head what becomes of the vectors of tokens
   */
  static OnnxModel load(String name, Path onnx, SentenceHead head, ModelPlacement target)
      throws IOException, MalformedModelException, OrtException {
    // Between two models, the process may end.
    NativeWork.ofProcess().check();
    Djl.prepare();
    OnnxEnd.takeOver();
    Model model = Model.newInstance(name, target.gpu() ? Device.gpu() : Device.cpu(), ENGINE);
    try (SessionOptions options = options()) {
      model.load(onnx, null, Map.of("sessionOptions", options));
      int callers = target.gpu() ? 1 : target.threads();
      int tokens =
          !target.gpu() && target.precision() == Precision.INT8
              ? PartedBatch.TOKENS_IN_INT8
              : PartedBatch.tokensOfPart(callers);
      return new OnnxModel(model, target.info(ENGINE, name), head, callers, tokens);
    } catch (IOException | MalformedModelException | OrtException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    // The calling threads compute.
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    // A memory plan is kept for every shape, and batches have very many different shapes.
    options.setMemoryPatternOptimization(false);
    return options;
  }

  @Override
  public EngineInfo engine() {
    return info;
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    return parts.embed(tokens);
  }

  /** Returns true on the CPU, as a session has no state; a GPU may lack memory for one more. */
  @Override
  public boolean canEmbedBeside() {
    return onCpu;
  }

  @Override
  public float[] embedBeside(long[] tokens) {
    TokenBuffers spare = spareBuffers.poll();
    TokenBuffers buffers = spare == null ? new TokenBuffers() : spare;
    try {
      return embed(List.of(tokens), buffers).get(0);
    } finally {
      spareBuffers.add(buffers);
    }
  }

  private List<float[]> embed(List<long[]> tokens, TokenBuffers buffers) {
    int texts = tokens.size();
    int longest = buffers.fill(tokens);
    Shape shape = new Shape(texts, longest);
    try (NDManager memory = model.getNDManager().newSubManager()) {
      NDList given = new NDList(inputs.size());
      for (String name : inputs) {
        given.add(input(memory, name, buffers.values(name), shape));
      }
      NDList outputs = model.getBlock().forward(parameters, given, false);
      return vectors(ModelShape.hidden(info.model(), outputs, shape), tokens, longest);
    }
  }

  private static NDArray input(NDManager memory, String name, LongBuffer values, Shape shape) {
    NDArray array = memory.create(values, shape, DataType.INT64);
    array.setName(name);
    return array;
  }

  private List<float[]> vectors(NDArray hidden, List<long[]> tokens, int longest) {
    int width = (int) hidden.getShape().get(2);
    float[] values = values(hidden);
    List<float[]> vectors = new ArrayList<>(tokens.size());
    for (int text = 0; text < tokens.size(); text++) {
      vectors.add(head.vector(values, text * longest * width, tokens.get(text).length, width));
    }
    return vectors;
  }

  /** Returns the output's values, which ONNX Runtime copies once, and DJL would copy twice. */
  private static float[] values(NDArray array) {
    return ((OrtNDArray) array).getTensor().getFloatBuffer().array();
  }

  @Override
  public void close() {
    parts.close();
    model.close();
  }
}
